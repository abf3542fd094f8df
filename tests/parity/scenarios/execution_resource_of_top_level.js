// rows: test-async-hooks-execution-async-resource.js
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const top = ah.executionAsyncResource();
t.print(`there ${top !== null && top !== undefined}`);
t.print(`the same ${top === ah.executionAsyncResource()}`);
top.state = 'kept';
new AsyncResource('R').runInAsyncScope(() => {
  t.print(`another ${ah.executionAsyncResource() !== top}`);
});
t.print(`state ${ah.executionAsyncResource().state}`);

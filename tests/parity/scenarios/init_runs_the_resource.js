'use strict';
const { createHook, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
createHook({
  init(id, type, trigger, resource) {
    if (type !== 'R') return;
    resource.runInAsyncScope(() => t.where('in init'));
    resource.emitDestroy();
    process.nextTick(() => t.where('tick of init'));
  },
}).enable();
const made = new AsyncResource('R');
t.print(`made #${made.asyncId()}`);
made.runInAsyncScope(() => t.where('in scope'));
setImmediate(() => t.print('immediate'));

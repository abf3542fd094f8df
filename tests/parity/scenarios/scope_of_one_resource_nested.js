// rows: test-async-hooks-recursive-stack-runInAsyncScope.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const a = new AsyncResource('A');
const b = a.runInAsyncScope(() => new AsyncResource('B'));
a.runInAsyncScope(() => b.runInAsyncScope(() => a.runInAsyncScope(() => {
  t.where('inside');
  new AsyncResource('C').runInAsyncScope(() => t.where('c'));
})));
t.where('end');

// without: the destroy of promises, which is the garbage collector's
'use strict';
const { createHook, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const { promise, resolve } = Promise.withResolvers();
t.promises();
let left = 3;
createHook({
  init(id, type) {
    if (type !== 'R') return;
    promise.then(() => t.where('then of init'));
  },
  before() {
    if (left-- > 0) promise.then(() => t.where('then of before'));
  },
  after() {
    if (left === 1) Promise.resolve().finally(() => t.where('of after'));
  },
  promiseResolve() {
    if (left-- > 0) promise.then(() => t.where('then of resolve'));
  },
}).enable();
new AsyncResource('R').runInAsyncScope(() => resolve());

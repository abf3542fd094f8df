'use strict';
const { AsyncResource, createHook } = require('async_hooks');
const t = require('../support/trace.js');

let first = true;
t.start();
createHook({
  destroy() {
    if (!first) return;
    first = false;
    process.nextTick(() => t.where('tick'));
    queueMicrotask(() => t.where('microtask'));
    setImmediate(() => t.where('immediate'));
  },
}).enable();
new AsyncResource('R').emitDestroy();

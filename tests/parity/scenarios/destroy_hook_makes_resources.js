// rows: test-async-hooks-close-during-destroy.js
'use strict';
const { AsyncResource, executionAsyncId } = require('async_hooks');
const t = require('../support/trace.js');

let left = 2;
t.start({ on(word) {
  if (word !== 'destroy' || left === 0) return;
  left--;
  new AsyncResource('MADE_IN_DESTROY').emitDestroy();
  setImmediate(() => t.where('immediate'));
  process.nextTick(() => t.where('tick'));
} });
new AsyncResource('FIRST').emitDestroy();
setImmediate(() => t.where('first immediate'));
t.where('top level');

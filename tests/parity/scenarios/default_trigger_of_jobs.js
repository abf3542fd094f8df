// flags: --expose-internals
'use strict';
const { defaultTriggerAsyncIdScope } = require('internal/async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
const cause = new AsyncResource('CAUSE'), other = new AsyncResource('OTHER');
defaultTriggerAsyncIdScope(cause.asyncId(), () => {
  process.nextTick(() => t.where('tick'));
  queueMicrotask(() => t.where('microtask'));
  Promise.resolve().then(() => t.where('then'));
  setImmediate(() => t.where('immediate'));
  other.runInAsyncScope(() => {
    t.where('in other');
    new AsyncResource('IN_OTHER');
    defaultTriggerAsyncIdScope(other.asyncId(), () => {
      new AsyncResource('NESTED');
      new AsyncResource('EXPLICIT', 1);
    });
    new AsyncResource('BEHIND');
  });
});
new AsyncResource('OUTSIDE');

// flags: --expose-internals
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const { defaultTriggerAsyncIdScope } = require('internal/async_hooks');
t.start();
const owner = new AsyncResource('owner');
defaultTriggerAsyncIdScope(owner.asyncId(), () => {
  new AsyncResource('defaulted');
  new AsyncResource('explicit', 1);
  process.nextTick(() => t.where('tick'));
});
new AsyncResource('outside');

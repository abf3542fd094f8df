// rows: test-async-hooks-enabledhooksexits.js
// A hook without callbacks is enabled all the same: microtasks are resources.
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const hook = ah.createHook({});
t.print(`enable returns the hook ${hook.enable() === hook}`);
const a = new AsyncResource('A').asyncId();
queueMicrotask(() => {
  const b = new AsyncResource('B').asyncId();
  t.print(`ids taken in between: ${b - a - 1}`);
});

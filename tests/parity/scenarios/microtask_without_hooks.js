// The resource exists only where a hook or a frame asks for it.
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const a = new AsyncResource('A').asyncId();
queueMicrotask(() => {
  const b = new AsyncResource('B').asyncId();
  t.print(`ids taken in between: ${b - a - 1}`);
});

// rows: test-async-hooks-destroy-on-gc.js
// flags: --expose-gc
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
(() => new AsyncResource('R'))();
setImmediate(() => {
  globalThis.gc();
  setImmediate(() => t.print('collected'));
});

// rows: test-async-hooks-disable-gc-tracking.js
// flags: --expose-gc
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
(() => new AsyncResource('R', { requireManualDestroy: true }))();
setImmediate(() => {
  globalThis.gc();
  setImmediate(() => t.print('collected'));
});

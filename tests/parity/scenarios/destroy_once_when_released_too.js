// rows: test-async-hooks-prevent-double-destroy.js
// flags: --expose-gc
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
(() => { new AsyncResource('R').emitDestroy(); })();
setImmediate(() => {
  globalThis.gc();
  setImmediate(() => t.print('collected'));
});

// rows: test-async-wrap-destroyid.js
// flags: --expose-internals
'use strict';
const t = require('../support/trace.js');

const internal = require('internal/async_hooks');
t.hook('', { events: ['destroy'] }).enable();
function round(n) {
  if (n === 0) return;
  internal.emitDestroy(internal.newAsyncId());
  t.print(`round ${n}`);
  setImmediate(() => round(n - 1));
}
round(5);

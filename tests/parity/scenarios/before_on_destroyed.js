// rows: test-emit-before-on-destroyed.js
// flags: --expose-internals
// stderr: the message
'use strict';
const t = require('../support/trace.js');

const internal = require('internal/async_hooks');
const id = internal.newAsyncId();
internal.emitDestroy(id);
setImmediate(() => {
  t.print('heartbeat: still alive');
  internal.emitBefore(id, 1, {});
  t.where('entered');
});
setImmediate(() => t.print('not reached'));

// rows: test-emit-after-on-destroyed.js
// flags: --expose-internals
// stderr: the message
'use strict';
const t = require('../support/trace.js');

const internal = require('internal/async_hooks');
const id = internal.newAsyncId();
t.hook('', { events: ['destroy'], on() {
  t.print('heartbeat: still alive');
  internal.emitAfter(id);
} }).enable();
internal.emitDestroy(id);
setImmediate(() => t.print('not reached'));

// rows: test-improper-unwind.js
// flags: --expose-internals
// stderr: the message
'use strict';
const t = require('../support/trace.js');

const { emitBefore, emitAfter, newAsyncId } =
  require('internal/async_hooks');
const first = newAsyncId();
const second = newAsyncId();
emitBefore(first, 1, {});
emitBefore(second, 1, {});
emitAfter(second);
emitAfter(first);
t.where('proper');
emitBefore(first, 1, {});
emitBefore(second, 1, {});
t.where('heartbeat: still alive');
emitAfter(first);
t.print('not reached');

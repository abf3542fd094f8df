// rows: test-improper-order.js
// flags: --expose-internals
// stderr: the message
'use strict';
const t = require('../support/trace.js');

const { emitAfter, newAsyncId } = require('internal/async_hooks');
const id = newAsyncId();
t.print('heartbeat: still alive');
emitAfter(id);
t.print('not reached');

// rows: test-emit-before-after.js
// flags: --expose-internals
'use strict';
const t = require('../support/trace.js');

const { emitBefore, emitAfter, newAsyncId } =
  require('internal/async_hooks');
const silent = newAsyncId();
emitBefore(silent, 1, {});
t.where('without a hook');
emitAfter(silent);
t.start();
const heard = newAsyncId();
emitBefore(heard, 1, {});
t.where('with a hook');
emitAfter(heard);
t.where('afterwards');

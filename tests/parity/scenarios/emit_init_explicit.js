// rows: test-emit-init.js
// flags: --expose-internals
'use strict';
const t = require('../support/trace.js');

const { emitInit, newAsyncId } = require('internal/async_hooks');
t.start();
emitInit(newAsyncId(), 'explicit', 5432, {});
emitInit(newAsyncId(), 'defaulted', null, {});

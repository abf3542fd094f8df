// rows: test-async-wrap-uncaughtexception.js
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
const storage = new AsyncLocalStorage();
process.on('uncaughtException', (error) => {
  t.where(`uncaught ${error.message}`);
  t.store('handler', storage);
  process.nextTick(() => t.where('tick of the handler'));
});
process.nextTick(() => t.where('tick'));
queueMicrotask(() => t.where('microtask'));
setImmediate(() => t.where('immediate'));
storage.enterWith('top');
throw new Error('top level');

// rows: test-async-local-storage-errors.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
process.on('uncaughtException', (error) => {
  t.store(`uncaught ${error.message}`, storage);
  storage.enterWith('entered in the handler');
  process.nextTick(() => t.store('tick of the handler', storage));
});
storage.run('run', () => {
  process.nextTick(() => { throw new Error('tick'); });
  setImmediate(() => { throw new Error('immediate'); });
});
setImmediate(() => t.store('next immediate', storage));

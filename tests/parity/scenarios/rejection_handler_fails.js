// rows: test-unhandled-rejection-context.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
process.on('uncaughtException', (error) => {
  t.store(`uncaught ${error.message}`, storage);
});
process.on('unhandledRejection', (error) => {
  t.store(`unhandled ${error.message}`, storage);
  process.nextTick(() => t.print(`tick of ${error.message}`));
  throw new Error(`by ${error.message}`);
});
storage.run('first', () => Promise.reject(new Error('first')));
storage.run('second', () => Promise.reject(new Error('second')));
setImmediate(() => t.store('immediate', storage));

// rows: test-async-local-storage-errors.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS({ defaultValue: 'default' });
process.on('unhandledRejection', (error) => {
  t.store(`unhandled ${error.message}`, storage);
  storage.enterWith('entered in the handler');
  process.nextTick(() => t.store('tick of the handler', storage));
});
storage.run('run', () => {
  storage.exit(() => Promise.reject(new Error('exited')));
  Promise.reject(new Error('in run'));
});
Promise.reject(new Error('outside'));
setImmediate(() => t.store('immediate', storage));

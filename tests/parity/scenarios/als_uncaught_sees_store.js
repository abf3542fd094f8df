// rows: test-async-local-storage-errors.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
process.on('uncaughtException', (error) => {
  t.store(error.message, storage);
});
storage.run('of the run', () => {
  setTimeout(() => { throw new Error('from a timer'); }, 1);
});

// rows: test-async-local-storage-errors.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
process.on('unhandledRejection', (error) => {
  t.store(`unhandled ${error.message}`, storage);
});
storage.run('where it was rejected', () => {
  Promise.reject(new Error('reason'));
});

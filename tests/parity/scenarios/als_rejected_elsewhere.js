// rows: test-async-local-storage-errors.js test-unhandled-rejection-context.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
process.on('unhandledRejection', (error) => {
  t.store(`unhandled ${error.message}`, storage);
});
let reject, derived;
storage.run('where it was made', () => {
  const promise = new Promise((resolve, no) => { reject = no; });
  storage.run('where then was called', () => { derived = promise.then(); });
});
storage.run('where it was rejected', () => reject(new Error('reason')));

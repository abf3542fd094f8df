// rows: test-async-local-storage-errors.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
try {
  storage.run('failing', () => { throw new Error('out of run'); });
} catch (error) {
  t.store(`caught ${error.message}`, storage);
}

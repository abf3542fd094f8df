// rows: test-async-local-storage-run-scope.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
setImmediate(() => {
  try {
    const scope = storage.withScope('of the block');
    try {
      t.store('inside', storage);
      throw new Error('out of the block');
    } finally {
      scope.dispose();
    }
  } catch (error) {
    t.store(`caught ${error.message}`, storage);
  }
});

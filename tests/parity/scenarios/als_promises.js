// rows: test-async-local-storage-promises.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.run('run', () => {
  Promise.resolve()
    .then(() => t.store('then', storage))
    .then(() => { throw new Error('rejected'); })
    .catch((error) => t.store(`caught ${error.message}`, storage));
});
t.store('outside', storage);

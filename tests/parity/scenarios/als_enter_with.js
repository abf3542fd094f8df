// rows: test-async-local-storage-enter-with.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
setImmediate(() => {
  storage.enterWith('entered');
  t.store('same callback', storage);
  setTimeout(() => t.store('timer of it', storage), 1);
});
setTimeout(() => t.store('unrelated timer', storage), 300);

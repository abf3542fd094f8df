'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new AsyncLocalStorage();
process.on('uncaughtException', (error) => {
  t.where(error.message);
  t.store('uncaught', storage);
});
queueMicrotask(() => {
  storage.enterWith('entered');
  throw new Error('from the microtask');
});

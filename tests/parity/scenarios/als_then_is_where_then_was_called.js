'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const promise = storage.run('creator', () => new Promise((resolve) => {
  setTimeout(resolve, 1);
}));
storage.run('caller of then', () => {
  promise.then(() => t.store('then', storage));
});

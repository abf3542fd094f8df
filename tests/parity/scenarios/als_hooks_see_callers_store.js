'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.hook('', { on: (word) => t.store(word, storage) }).enable();
const resource = storage.run('creation', () => new AsyncResource('R'));
storage.run('caller', () => {
  resource.runInAsyncScope(() => t.store('scope', storage));
});

'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const resource = storage.run('creation', () => new AsyncResource('R'));
storage.run('caller', () => {
  resource.runInAsyncScope(() => {
    t.store('in scope', storage);
    storage.enterWith('entered');
  });
  t.store('caller', storage);
  resource.runInAsyncScope(() => t.store('in scope again', storage));
});

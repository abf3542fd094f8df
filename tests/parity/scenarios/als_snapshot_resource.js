'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const storage = new ALS();
const snapshot = storage.run('captured', () => ALS.snapshot());
snapshot(() => {
  t.where('in it');
  t.store('in it', storage);
});

'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.run('x', () => {
  storage.run('x', () => storage.enterWith('y'));
  t.store('the same value is not restored', storage);
});
t.store('the outer is', storage);

'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.run('z', () => {
  setTimeout(() => t.store('timer of a run, disabled outside', storage), 1);
});
storage.disable();
storage.run('y', () => {
  setTimeout(() => t.store('timer before disable inside', storage), 20);
  storage.disable();
  setTimeout(() => t.store('timer after disable inside', storage), 40);
});

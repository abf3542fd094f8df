'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
let count = 0;
storage.run('creator', () => {
  const interval = setInterval(() => {
    t.store('interval', storage);
    storage.enterWith('entered');
    t.store('entered', storage);
    if (++count === 2) clearInterval(interval);
  }, 1);
});

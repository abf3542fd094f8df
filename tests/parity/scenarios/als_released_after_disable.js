// rows: test-async-local-storage-gcable.js
// flags: --expose-gc
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const registry = new FinalizationRegistry((name) => {
  t.print(`released ${name}`);
});
(() => {
  const storage = new ALS();
  const store = { name: 'store' };
  registry.register(store, 'the store');
  storage.run(store, () => storage.disable());
  storage.disable();
})();
setImmediate(() => {
  globalThis.gc();
  setTimeout(() => t.print('end'), 50);
});

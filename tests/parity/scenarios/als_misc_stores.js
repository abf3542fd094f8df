// rows: test-async-local-storage-misc-stores.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.run('a string', () => t.store('string', storage));
const object = { name: 'object' };
storage.run(object, () => {
  t.print(`same object ${storage.getStore() === object}`);
});

// rows: test-async-local-storage-nested.js test-async-local-storage-args.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.store('outside', storage);
storage.run('outer', (argument) => {
  t.print(`argument ${argument}`);
  t.store('in outer', storage);
  storage.run('inner', () => {
    t.store('in inner', storage);
    setTimeout(() => t.store('timer of inner', storage), 1);
  });
  t.store('outer again', storage);
  storage.exit(() => t.store('in exit', storage));
  t.store('outer at last', storage);
}, 'given');
t.store('outside again', storage);

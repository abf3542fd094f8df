// rows: test-async-local-storage-exit-does-not-leak.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
for (let i = 0; i < 100; i++) {
  storage.run('outer', () => {
    storage.exit(() => {
      storage.run('inner', () => {
        if (i === 99) t.store('innermost', storage);
      });
      if (i === 99) t.store('in exit', storage);
    });
  });
}
t.store('outside', storage);

// rows: test-timers-clearImmediate-als.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.start();
for (const store of ['a', 'b', 'c']) {
  storage.run(store, () => {
    const immediate = setImmediate(() => {
      t.store('before', storage);
      clearImmediate(immediate);
      t.store('after', storage);
    });
  });
}

// rows: test-async-local-storage-snapshot.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const snapshot = storage.run('123', () => ALS.snapshot());
storage.run('321', () => {
  snapshot(() => t.store('in snapshot', storage));
  t.store('outside of it', storage);
  snapshot(() => {
    storage.enterWith('entered');
    t.store('entered in it', storage);
  });
  t.store('does not leak', storage);
  snapshot(() => t.store('nor to its next call', storage));
});

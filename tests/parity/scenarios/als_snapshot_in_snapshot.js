// rows: test-async-local-storage-snapshot.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const one = storage.run('one', () => ALS.snapshot());
const two = storage.run('two', () => ALS.snapshot());
const show = () => t.store('show', storage);
one(() => {
  show();
  two(() => {
    show();
    storage.enterWith('entered in two');
    one(show);
    show();
    setTimeout(show, 1);
  });
  show();
});
const three = two(() => ALS.snapshot());
three(show);
show();

// rows: test-async-local-storage-enable-disable.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.run('one', () => {
  process.nextTick(() => {
    t.store('tick', storage);
    process.nextTick(() => t.store('tick queued before disable', storage));
    storage.disable();
    t.store('disabled', storage);
    process.nextTick(() => t.store('tick queued after disable', storage));
    storage.exit(() => t.store('exit', storage));
    t.store('after exit', storage);
    process.nextTick(() => {
      t.store('last tick', storage);
      storage.run('two', () => t.store('run again', storage));
    });
  });
});

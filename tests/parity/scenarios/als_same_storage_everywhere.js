// rows: test-async-local-storage-nested.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
storage.run('run', () => {
  setTimeout(() => {
    show('timeout');
    setImmediate(() => show('immediate of timeout'));
    storage.exit(() => {
      process.nextTick(() => show('tick of exit'));
      Promise.resolve().then(() => show('then of exit'));
      storage.enterWith('entered in exit');
      show('in exit');
    });
    show('after exit');
  }, 1);
  process.nextTick(() => {
    storage.enterWith('entered in tick');
    queueMicrotask(() => { show('microtask'); storage.disable(); show('off'); });
  });
  Promise.resolve().then(() => show('then'));
});
process.nextTick(() => show('tick outside'));

// rows: test-async-local-storage-enter-with.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.start({ only: ['Timeout', 'Immediate'], on(word) {
  t.store(`in ${word}`, storage);
  if (word !== 'init') storage.enterWith(`entered in ${word}`);
} });
setTimeout(() => {
  t.store('timeout', storage);
  setImmediate(() => {
    t.store('immediate', storage);
    process.nextTick(() => t.store('tick', storage));
  });
}, 1);

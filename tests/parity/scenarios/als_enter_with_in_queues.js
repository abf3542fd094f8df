// rows: test-async-local-storage-enter-with.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const enter = (name) => () => {
  t.store(name, storage);
  storage.enterWith(`entered in ${name}`);
  process.nextTick(() => t.store(`tick of ${name}`, storage));
  queueMicrotask(() => t.store(`microtask of ${name}`, storage));
};
for (const i of [1, 2]) {
  process.nextTick(enter(`tick ${i}`));
  queueMicrotask(enter(`microtask ${i}`));
  setImmediate(enter(`immediate ${i}`));
  Promise.resolve().then(enter(`then ${i}`));
}

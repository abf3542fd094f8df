'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
t.promises();
process.on('unhandledRejection', (reason) => {
  t.where(`unhandled ${reason}`);
  show('unhandled');
});
const [first, second, third, alone] =
  [1, 2, 3, 4].map(() => Promise.withResolvers());
storage.run('adopts first', () => second.resolve(first.promise));
storage.run('adopts second', () => third.resolve(second.promise));
storage.run('asks', () => {
  third.promise.catch((reason) => show(`caught ${reason}`));
});
alone.resolve(second.promise);
setImmediate(() => storage.run('rejects', () => first.reject('reason')));

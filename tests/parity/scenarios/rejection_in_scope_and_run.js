'use strict';
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => {
  t.where(text);
  t.store(text, storage);
};
t.promises();
process.on('unhandledRejection', (reason) => {
  show(`unhandled ${reason}`);
  storage.enterWith('entered in the handler');
  process.nextTick(() => show(`tick of ${reason}`));
  Promise.resolve().then(() => show(`then of ${reason}`));
});
process.on('rejectionHandled', () => {});
const { promise, reject } = Promise.withResolvers();
storage.run('run', () => {
  new AsyncResource('INSIDE').runInAsyncScope(() => reject('first'));
});
storage.run('run', () => Promise.reject('second'));
show('rejected');
setImmediate(() => {
  promise.catch((reason) => show(`late ${reason}`));
  show('asked');
});

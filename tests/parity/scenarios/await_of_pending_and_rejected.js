'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => {
  t.where(text);
  t.store(text, storage);
};
const pending = Promise.withResolvers(), failing = Promise.withResolvers();
async function main() {
  show('begin');
  storage.enterWith('entered in main');
  show(`awaited ${await pending.promise}`);
  storage.enterWith('entered behind await');
  try {
    await failing.promise;
  } catch (reason) {
    show(`caught ${reason}`);
  }
  throw 'out of main';
}
t.promises();
storage.run('run', () => {
  main().catch((reason) => show(`main ${reason}`));
  show('main called');
});
show('outside');
setImmediate(() => {
  storage.run('resolves', () => pending.resolve('value'));
  setImmediate(() => failing.reject('reason'));
});

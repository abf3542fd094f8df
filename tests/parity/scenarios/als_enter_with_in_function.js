// rows: test-async-local-storage-enter-with.js(parallel)
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
async function enters() {
  await 0;
  storage.enterWith('after await');
}
async function leaks() {
  storage.enterWith('before await');
  await 0;
  t.store('in the function', storage);
}
(async () => {
  await enters();
  t.store('entered after await', storage);
  const done = leaks();
  t.store('entered before await', storage);
  await done;
})();

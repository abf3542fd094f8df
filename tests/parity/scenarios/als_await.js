// rows: test-async-local-storage-async-await.js test-async-local-storage-async-functions.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
async function inside() {
  t.store('before await', storage);
  await 0;
  t.store('after await', storage);
}
async function main() {
  await storage.run('run', inside);
  t.store('in the caller', storage);
  await storage.exit(async () => {
    await 0;
    t.store('in exit', storage);
  });
}
main();
t.store('outside', storage);

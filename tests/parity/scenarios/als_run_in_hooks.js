// rows: test-async-local-storage-enter-with.js
'use strict';
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
let busy = false;
t.start({ on(word) {
  if (busy) return;
  busy = true;
  storage.run(`run in ${word}`, () => {
    t.store(word, storage);
    new AsyncResource('INSIDE').runInAsyncScope(
      () => t.store(`inside ${word}`, storage));
  });
  storage.exit(() => t.store(`exit in ${word}`, storage));
  busy = false;
} });
storage.run('around', () => {
  const resource = new AsyncResource('FIRST');
  resource.runInAsyncScope(() => t.store('scope', storage));
  t.store('end', storage);
});

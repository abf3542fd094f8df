// rows: test-async-local-storage-enter-with.js
'use strict';
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.start({ on(word) {
  t.store(`in ${word}`, storage);
  storage.enterWith(`entered in ${word}`);
} });
const resource = new AsyncResource('FIRST');
t.store('after init', storage);
storage.run('run', () => {
  resource.runInAsyncScope(() => t.store('scope', storage));
  t.store('after scope', storage);
});
t.store('after run', storage);
resource.emitDestroy();
setImmediate(() => t.store('immediate', storage));

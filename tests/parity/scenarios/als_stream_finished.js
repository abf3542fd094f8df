// rows: test-async-local-storage-stream-finished.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const { Readable, finished } = require('stream');
const storage = new ALS();
const readable = new Readable();
storage.run('321', () => {
  finished(readable, () => t.store('finished', storage));
});
readable.destroy();

// rows: test-async-local-storage-deep-stack.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
function recurse(depth) {
  if (depth % 100 === 0) t.store(`at ${depth}`, storage);
  if (depth < 1000) {
    storage.run(depth % 2 === 0 ? 'even' : 'odd', recurse, depth + 1);
  }
  if (depth % 100 === 0) t.store(`back at ${depth}`, storage);
}
recurse(0);

// rows: test-async-hooks-enable-before-promise-resolve.js
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

let resolve;
const promise = new Promise((r) => { resolve = r; });
promise.then(() => t.where('then'));
t.where('outside');
setImmediate(() => {
  ah.createHook({ after: () => t.print('after') }).enable();
  resolve();
});

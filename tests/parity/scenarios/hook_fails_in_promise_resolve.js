// rows: test-async-hooks-fatal-error.js
// stderr: the message
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({
  promiseResolve() { throw new Error('test_promise_resolve_callback'); },
}).enable();
process.on('uncaughtException', () => t.print('not reached'));
process.on('exit', () => t.where('exit'));
setImmediate(() => {
  t.where('callback');
  Promise.resolve();
  t.print('not reached');
});

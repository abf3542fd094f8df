// rows: test-async-hooks-fatal-error.js
// stderr: the message
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({
  after() { throw new Error('test_after_callback'); },
}).enable();
process.on('uncaughtException', () => t.print('not reached'));
setImmediate(() => t.where('callback'));

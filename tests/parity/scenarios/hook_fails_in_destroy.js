// rows: test-async-hooks-fatal-error.js
// stderr: the message
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({
  destroy() { throw new Error('test_destroy_callback'); },
}).enable();
process.on('exit', () => t.where('exit'));
new AsyncResource('R').emitDestroy();
setImmediate(() => t.print('not reached'));

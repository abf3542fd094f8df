// rows: test-callback-error.js
// stderr: the message
// flags: --abort-on-uncaught-exception
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({
  init() { throw new Error('test_callback_abort'); },
}).enable();
process.on('exit', () => t.print('not reached'));
new AsyncResource('R');

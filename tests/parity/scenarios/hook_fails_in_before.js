// rows: test-callback-error.js test-async-hooks-fatal-error.js
// stderr: the message
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({
  before() { throw new Error('test_before_callback'); },
}).enable();
process.on('uncaughtException', () => t.print('not reached'));
new AsyncResource('R').runInAsyncScope(() => t.print('not reached'));
t.print('not reached');

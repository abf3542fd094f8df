// rows: test-callback-error.js test-async-hooks-fatal-error.js
// stderr: the message
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

ah.createHook({ init() { throw new Error('test_init_callback'); } }).enable();
try {
  new AsyncResource('R');
} catch {
  t.print('not reached');
}
t.print('not reached');

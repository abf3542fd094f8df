// rows: test-async-hooks-run-in-async-scope-caught-exception.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
try {
  new AsyncResource('R').runInAsyncScope(() => { throw new Error('inside'); });
} catch (error) {
  t.where(`caught ${error.message}`);
}
setImmediate(() => t.where('immediate'));

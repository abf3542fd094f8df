'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
process.setUncaughtExceptionCaptureCallback(
  (error) => t.where(`uncaught ${error.message}`));
new AsyncResource('OUTER').runInAsyncScope(() => {
  throw new Error('out of the scope');
});

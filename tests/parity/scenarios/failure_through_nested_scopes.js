// rows: test-emit-after-uncaught-exception.js
// Node keeps its loop turning after a failure with an Immediate of its own.
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
setImmediate(() => {
  new AsyncResource('outer').runInAsyncScope(() => {
    new AsyncResource('inner').runInAsyncScope(() => {
      throw new Error('inside');
    });
    t.print('not reached');
  });
});
setImmediate(() => t.where('next'));

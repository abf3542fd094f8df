// rows: node-api/test_make_callback node-api/test_callback_scope node-api/test_async_context
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
setImmediate(() => {
  const resource = new AsyncResource('R');
  resource.runInAsyncScope(() => {
    t.where('inside');
    t.print(`its resource ${ah.executionAsyncResource() === resource}`);
  });
  resource.emitDestroy();
  setImmediate(() => t.print('destroyed by now'));
});

// rows: test-embedder.api.async-resource.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const outer = new AsyncResource('OUTER');
outer.runInAsyncScope(() => {
  t.where('outer');
  outer.emitDestroy();
  const inner = new AsyncResource('INNER');
  inner.runInAsyncScope(() => {
    inner.emitDestroy();
    t.where('inner');
    outer.runInAsyncScope(() => t.where('outer again'));
  });
});
outer.runInAsyncScope(() => t.where('outer after destroy'));

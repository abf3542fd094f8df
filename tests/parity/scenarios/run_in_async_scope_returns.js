// rows: test-embedder.api.async-resource.runInAsyncScope.js test-async-hooks-run-in-async-scope-this-arg.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const resource = new AsyncResource('R');
const returned = resource.runInAsyncScope(function() {
  t.print(`given ${this}`);
  return 1729;
}, 'argument');
t.print(`returned ${returned}`);

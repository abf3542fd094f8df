// rows: test-embedder.api.async-resource.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const resource = new AsyncResource('R');
t.refused('first', () => resource.emitDestroy());
t.refused('second', () => resource.emitDestroy());
resource.runInAsyncScope(() => t.where('still runs'));

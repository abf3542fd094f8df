// rows: test-destroy-not-blocked.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.hook('', { events: ['destroy'], only: ['R'] }).enable();
const resource = new AsyncResource('R');
resource.emitDestroy();
t.print('emitted');
process.nextTick(() => t.print('tick'));
queueMicrotask(() => t.print('microtask'));
setImmediate(() => t.print('immediate'));

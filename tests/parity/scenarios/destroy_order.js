'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.hook('', { events: ['destroy'], only: ['R'] }).enable();
setImmediate(() => t.print('immediate queued before'));
const make = () => new AsyncResource('R');
const a = make();
const b = make();
const c = make();
b.emitDestroy();
a.emitDestroy();
t.print('emitted');
setImmediate(() => {
  t.print('immediate queued after');
  c.emitDestroy();
  setImmediate(() => t.print('next immediate'));
  process.nextTick(() => t.print('tick of it'));
});
process.nextTick(() => t.print('tick'));
queueMicrotask(() => t.print('microtask'));

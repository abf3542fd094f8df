'use strict';
const { channel } = require('diagnostics_channel');
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => {
  t.where(`uncaught ${error}`);
  process.nextTick(() => t.where('tick of the handler'));
});
const one = channel('one');
one.subscribe((message) => { throw `of ${message}`; });
setImmediate(() => {
  process.nextTick(() => t.where('tick before'));
  one.publish('first');
  process.nextTick(() => t.where('tick behind'));
  queueMicrotask(() => {
    t.where('microtask');
    one.publish('second');
  });
});
setImmediate(() => t.where('next immediate'));

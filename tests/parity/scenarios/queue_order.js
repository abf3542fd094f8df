'use strict';
const t = require('../support/trace.js');

setTimeout(() => {
  t.print('timer');
  process.nextTick(() => {
    t.print('tick 1');
    queueMicrotask(() => t.print('microtask of tick 1'));
    process.nextTick(() => t.print('tick 3'));
  });
  queueMicrotask(() => {
    t.print('microtask 1');
    process.nextTick(() => t.print('tick of microtask 1'));
    queueMicrotask(() => t.print('microtask 2'));
  });
  process.nextTick(() => t.print('tick 2'));
  setImmediate(() => {
    t.print('immediate 1');
    process.nextTick(() => t.print('tick of immediate 1'));
    setImmediate(() => t.print('immediate of the next round'));
  });
  setImmediate(() => t.print('immediate 2'));
}, 1);

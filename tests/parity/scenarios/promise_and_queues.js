'use strict';
const t = require('../support/trace.js');

Promise.resolve().then(() => {
  t.print('then 1');
  process.nextTick(() => t.print('tick'));
  queueMicrotask(() => t.print('microtask'));
  Promise.resolve().then(() => t.print('then 2'));
});
process.nextTick(() => t.print('first tick'));

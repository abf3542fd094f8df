'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const a = new AsyncResource('A').asyncId();
setTimeout(() => {
  t.print(`the timer took the id ${ah.executionAsyncId() - a} after`);
  const b = new AsyncResource('B').asyncId();
  process.nextTick(() => {
    t.print(`the tick took the id ${ah.executionAsyncId() - b} after`);
  });
}, 1);

'use strict';
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
const immediate = setImmediate(() => show('in the immediate'));
setImmediate(() => show('in the second immediate'));
immediate.unref();
show('an immediate unref');
immediate.ref();
show('two immediates');
let calls = 0;
const interval = setInterval(() => {
  show('in the interval');
  if (++calls === 1) interval.unref();
  show('unref');
  interval.ref();
  if (calls < 2) return;
  clearInterval(interval);
  show('cleared');
  process.nextTick(() => show('tick'));
  queueMicrotask(() => show('microtask'));
}, 1);
const timer = setTimeout(() => {
  show('in the timer');
  if (++calls < 5) timer.refresh();
  show('refreshed');
}, 20);

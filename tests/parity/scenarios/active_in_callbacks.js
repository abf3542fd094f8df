'use strict';
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
let calls = 0;

function startInterval() {
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
}

function startTimer() {
  const timer = setTimeout(() => {
    show('in the timer');
    if (++calls < 5) timer.refresh();
    show('refreshed');
  }, 200);
}

/* Not before: a slow start would make the interval due before the immediates,
 * and a short timer due with the interval. */
const immediate = setImmediate(() => {
  startInterval();
  startTimer();
  show('in the immediate');
});
setImmediate(() => show('in the second immediate'));
immediate.unref();
show('an immediate unref');
immediate.ref();
show('two immediates');

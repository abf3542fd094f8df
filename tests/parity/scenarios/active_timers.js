// rows: test-process-getactiveresources.js test-process-getactiveresources-track-timer-lifetime.js test-process-getactiveresources-track-interval-lifetime.js
'use strict';
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
show('nothing');
const timeout = setTimeout(() => {}, 5000);
show('timeout');
timeout.unref();
show('unref');
timeout.ref();
show('ref');
clearTimeout(timeout);
show('cleared');
const interval = setInterval(() => {}, 5000);
show('interval');
clearInterval(interval);
show('cleared');
setTimeout(() => {
  show('in its callback');
  setImmediate(() => show('afterwards'));
}, 1);

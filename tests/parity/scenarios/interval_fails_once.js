// rows: test-timers.setInterval.js
'use strict';
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
let count = 0;
const interval = setInterval(() => {
  if (++count === 2) {
    clearInterval(interval);
    return;
  }
  throw new Error('the first fails');
}, 1);

// rows: test-timers.setInterval.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
const interval = setInterval(() => {
  t.where('interval');
  clearInterval(interval);
  interval.refresh();
}, 1);

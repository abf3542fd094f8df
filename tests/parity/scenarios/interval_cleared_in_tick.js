// rows: test-timers.setInterval.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['Timeout', 'TickObject'] });
let calls = 0;
const interval = setInterval(() => {
  t.print('call');
  if (++calls === 2) process.nextTick(() => clearInterval(interval));
}, 1);

// rows: test-timers.setInterval.js
'use strict';
const t = require('../support/trace.js');

t.start();
let count = 0;
const interval = setInterval(() => {
  t.where('again');
  if (++count === 3) clearInterval(interval);
}, 1);

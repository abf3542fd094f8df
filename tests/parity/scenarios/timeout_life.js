// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start();
setTimeout(() => {
  t.where('first');
  setTimeout(() => t.print('unreferenced'), 5000).unref();
  clearTimeout(setTimeout(() => t.print('cleared'), 1));
}, 1);

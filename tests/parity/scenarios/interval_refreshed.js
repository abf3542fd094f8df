'use strict';
const t = require('../support/trace.js');

t.start();
let count = 0;
const interval = setInterval(() => {
  t.where('fired');
  if (++count === 2) clearInterval(interval);
  else interval.refresh();
}, 20);
interval.refresh();

// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');
const busy = (ms) => {
  const begun = Date.now();
  while (Date.now() - begun < ms);
};

// A clock that stands while a callback runs would have the second due first.
const two = (first, second) => {
  setTimeout(() => t.where(first), 40);
  busy(60);
  setTimeout(() => t.where(second), 20);
  busy(60);
};
t.start();
two('top a', 'top b');
setImmediate(() => two('immediate a', 'immediate b'));
setTimeout(() => {
  t.where('late');
  setTimeout(() => t.where('made late'), 1);
  busy(20);
}, 1);
setTimeout(() => t.where('also due'), 2);
busy(20);

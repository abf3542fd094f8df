// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');
const busy = (ms) => {
  const begun = Date.now();
  while (Date.now() - begun < ms);
};

// By the time at which each is due: a, b, e, d, c.
const start = (name, ms) => setTimeout(() => {
  process.nextTick(() => t.print(`tick of ${name}`));
  t.where(name);
}, ms);
t.start();
start('a', 20);
busy(10);
start('b', 16);
busy(10);
start('c', 20);
start('d', 16);
start('e', 12);
busy(60);

// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
let rounds = 0;
const a = setTimeout(() => t.print('a'), 60);
const b = setTimeout(() => {
  t.print(`b ${++rounds}`);
  a.refresh();
  if (rounds < 3) b.refresh();
}, 20);

// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
let calls = 0;
const timeout = setTimeout(() => {
  t.where('fired');
  timeout.refresh();
  if (++calls === 3) clearTimeout(timeout);
}, 1);

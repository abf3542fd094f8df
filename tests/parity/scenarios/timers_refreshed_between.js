// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start();
const first = setTimeout(() => {
  t.where('first');
  process.nextTick(() => {
    second.refresh(); // it has been chosen: it fires now
    third.refresh();
  });
}, 1);
const second = setTimeout(() => t.where('second'), 1);
const third = setTimeout(() => t.where('third'), 1);
for (const due = Date.now() + 4; Date.now() < due;) continue;

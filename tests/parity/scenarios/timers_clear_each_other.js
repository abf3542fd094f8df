// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start();
const a = setTimeout(() => {
  t.print('a');
  clearTimeout(b);
  clearTimeout(a);
  process.nextTick(() => clearTimeout(c));
}, 2);
const b = setTimeout(() => t.print('b'), 2);
const c = setTimeout(() => t.print('c'), 2);
const d = setTimeout(() => {
  t.print('d');
  queueMicrotask(() => { t.print('microtask'); clearTimeout(e); });
}, 2);
const e = setInterval(() => t.print('e'), 2);
for (const due = Date.now() + 20; Date.now() < due;) continue;

// rows: test-queue-microtask.js
'use strict';
const t = require('../support/trace.js');

t.start();
queueMicrotask(() => {
  t.where('microtask');
  queueMicrotask(() => t.where('nested'));
  process.nextTick(() => t.where('tick'));
});
setImmediate(() => t.print('immediate'));

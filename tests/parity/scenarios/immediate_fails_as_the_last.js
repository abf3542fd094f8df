// rows: test-emit-after-uncaught-exception.js
'use strict';
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.print(`uncaught ${error.message}`));
setImmediate(() => {
  setTimeout(() => t.print('timeout'), 1);
  setImmediate(() => t.print('started inside'));
  process.nextTick(() => t.print('tick'));
  for (const due = Date.now() + 4; Date.now() < due;) continue;
  throw new Error('immediate');
});

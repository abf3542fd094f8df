// rows: test-emit-after-uncaught-exception.js
'use strict';
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.print(`uncaught ${error.message}`));
setTimeout(() => {
  setImmediate(() => t.print('immediate'));
  process.nextTick(() => t.print('tick'));
  throw new Error('timeout');
}, 1);

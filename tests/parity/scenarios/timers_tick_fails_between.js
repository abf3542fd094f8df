// rows: test-unhandled-exception-valid-ids.js
'use strict';
const t = require('../support/trace.js');

let second;
process.on('uncaughtException', (error) => t.where(`uncaught ${error}`));

t.start();
setImmediate(() => t.where('immediate'));
setTimeout(() => {
  t.where('first');
  process.nextTick(() => {
    clearTimeout(second);
    throw 'tick';
  });
  process.nextTick(() => t.where('behind'));
}, 1);
second = setTimeout(() => t.where('second'), 1);
for (const due = Date.now() + 4; Date.now() < due;) continue;

// rows: test-nexttick-default-trigger.js test-async-wrap-trigger-id.js
'use strict';
const t = require('../support/trace.js');

t.start();
const nested = () => t.where('nested');
process.nextTick(() => {
  t.where('tick');
  process.nextTick(nested);
  process.nextTick(nested);
});
setImmediate(() => t.print('immediate'));

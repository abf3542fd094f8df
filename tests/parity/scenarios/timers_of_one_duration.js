// rows: test-graph.timeouts.js
'use strict';
const t = require('../support/trace.js');

t.start();
setTimeout(() => {
  process.nextTick(() => t.where('tick of the first'));
  t.where('first');
}, 20);
setTimeout(() => t.where('second'), 20);

// Both are due when the loop begins.
const begun = Date.now();
while (Date.now() - begun < 40);

// rows: test-graph.intervals.js
'use strict';
const t = require('../support/trace.js');

t.start();
const first = setInterval(() => {
  clearInterval(first);
  const second = setInterval(() => {
    t.where('second');
    clearInterval(second);
  }, 20);
}, 20);

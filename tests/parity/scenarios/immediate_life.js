// rows: test-immediate.js
'use strict';
const t = require('../support/trace.js');

t.start();
setImmediate(() => {
  t.where('first');
  setImmediate(() => t.where('second'));
});

// rows: test-fsreqcallback-access.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

t.start();
fs.access('.', () => {
  t.where('callback');
  process.nextTick(() => t.where('tick'));
});

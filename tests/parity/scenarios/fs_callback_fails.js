// rows: test-async-wrap-uncaughtexception.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

t.start({ only: ['FSREQCALLBACK', 'TickObject'] });
process.on('uncaughtException', (error) => {
  t.where(error.message);
  process.nextTick(() => t.where('tick of the handler'));
});
fs.access('.', () => {
  process.nextTick(() => t.where('tick of the callback'));
  throw new Error('failed');
});

// rows: test-async-wrap-uncaughtexception.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
fs.access('.', () => {
  t.where('callback');
  throw new Error('from the request');
});

// rows: test-unhandled-exception-valid-ids.js
// Node keeps its loop turning after a failure with an Immediate of its own.
'use strict';
const t = require('../support/trace.js');

t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
setTimeout(() => {
  setTimeout(() => t.where('goes on'), 50);
  throw new Error('from the timeout');
}, 1);

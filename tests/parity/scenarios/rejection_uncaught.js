// rows: test-unhandled-rejection-context.js
// Node keeps its loop turning after a failure with an Immediate of its own.
'use strict';
const t = require('../support/trace.js');

t.start({ without: ['Immediate'] });
process.on('uncaughtException', () => t.where('uncaught'));
setTimeout(() => {
  Promise.reject(new Error('nobody catches this'));
  queueMicrotask(() => t.where('goes on'));
}, 1);

// rows: test-queue-microtask-uncaught-asynchooks.js
'use strict';
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
queueMicrotask(() => { throw new Error('from the microtask'); });
queueMicrotask(() => t.where('next'));

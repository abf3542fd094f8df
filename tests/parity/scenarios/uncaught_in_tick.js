// rows: test-queue-microtask-uncaught-asynchooks.js test-http-uncaught-from-request-callback.js
'use strict';
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
process.on('uncaughtException', (error) => t.where(error.message));
process.nextTick(() => { throw new Error('from the tick'); });
process.nextTick(() => t.where('next'));

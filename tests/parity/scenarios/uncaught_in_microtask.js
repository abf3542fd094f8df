// rows: test-queue-microtask-uncaught-asynchooks.js
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const t = require('../support/trace.js');

// Node keeps its loop turning after a failure with an Immediate of its own.
t.start({ without: ['Immediate'] });
const storage = new AsyncLocalStorage();
process.on('uncaughtException', (error) => {
  t.where(error.message);
  t.store('uncaught', storage);
});
queueMicrotask(() => { throw new Error('from the microtask'); });
storage.run('of the run', () => queueMicrotask(() => {
  storage.enterWith('entered');
  throw new Error('from the run');
}));
queueMicrotask(() => {
  t.where('next');
  t.store('next', storage);
});

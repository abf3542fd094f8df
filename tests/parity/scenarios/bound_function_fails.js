// rows: test-async-hooks-run-in-async-scope-caught-exception.js
'use strict';
const { AsyncResource, AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ without: ['Immediate'] });
const storage = new ALS();
process.on('uncaughtException', (error) => {
  t.where(error.message);
  t.store(error.message, storage);
});
const fail = storage.run('bound', () => AsyncResource.bind(() => {
  t.store('in the function', storage);
  throw new Error('failed');
}, 'BOUND'));
storage.run('caller', () => {
  try {
    fail();
  } catch {
    t.where('caught');
    t.store('caught', storage);
  }
  setImmediate(fail);
});

// rows: test-async-local-storage-run-scope.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS(), other = new ALS();
const show = (text) => {
  t.store(`${text}: storage`, storage);
  t.store(`${text}: other`, other);
};
storage.run('run', () => {
  setImmediate(() => {
    const scope = storage.withScope('scope');
    other.enterWith('entered');
    process.nextTick(() => show('tick'));
    setImmediate(() => show('immediate'));
    show('inside');
    storage.run('run in scope', () => show('run in scope'));
    storage.exit(() => show('exit in scope'));
    scope[Symbol.dispose]();
    scope[Symbol.dispose]();
    show('disposed');
  });
});
setImmediate(() => show('next'));

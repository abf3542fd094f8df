// rows: test-async-local-storage-bind.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.refused('not a function', () => ALS.bind(null));
const bound = storage.run('bound', () => ALS.bind((argument) => {
  t.store(`called with ${argument}`, storage);
  return 42;
}));
storage.run('caller', () => {
  t.print(`returned ${bound('argument')}`);
  t.store('caller', storage);
});

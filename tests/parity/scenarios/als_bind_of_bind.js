// rows: test-async-local-storage-bind.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const other = new ALS();
const show = () => { t.store('storage', storage); t.store('other', other); };
const inner = storage.run('inner', () => ALS.bind(show));
const outer = other.run('outer', () => ALS.bind(() => {
  show();
  inner();
  storage.enterWith('entered');
  show();
}));
storage.run('caller', () => { outer(); outer(); show(); });

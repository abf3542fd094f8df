// rows: test-async-local-storage-run-scope.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS({ defaultValue: 'default' });
const other = new ALS();
const outer = storage.withScope('outer');
t.store('outer', storage);
const inner = storage.withScope('inner');
const beside = other.withScope('beside');
t.store('inner', storage);
inner.dispose();
t.store('outer again', storage);
t.store('the other', other);
beside.dispose();
outer.dispose();
t.store('outside', storage);
t.store('the other', other);
storage.enterWith('entered');
outer.dispose();
t.store('disposed twice', storage);

// rows: test-async-local-storage-exit-does-not-leak.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.exit(() => storage.enterWith('entered in exit'));
t.store('after exit', storage);
storage.exit(() => storage.enterWith('entered again'));
t.store('after another', storage);
const other = new ALS({ defaultValue: 'default' });
other.run('default', () => other.enterWith('entered in run'));
t.store('after run', other);

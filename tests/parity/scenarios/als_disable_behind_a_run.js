// rows: test-async-local-storage-enable-disable.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
storage.enterWith('entered');
process.nextTick(() => t.store('tick', storage));
storage.run('inner', () => t.store('run', storage));
storage.disable();

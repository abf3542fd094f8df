// rows: test-async-local-storage-run-scope.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const first = storage.withScope('first');
const second = storage.withScope('second');
t.refused('dispose first', () => first.dispose());
t.store('first disposed', storage);
t.refused('dispose second', () => second.dispose());
t.store('second disposed', storage);

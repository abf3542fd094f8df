// rows: test-async-local-storage-no-mix-contexts.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const first = new ALS();
const second = new ALS();
setTimeout(() => {
  first.run('f', () => {
    second.run('s', () => {
      t.store('first in both', first);
      t.store('second in both', second);
      first.exit(() => {
        t.store('first in exit', first);
        t.store('second in exit', second);
      });
      setTimeout(() => {
        t.store('first in timer', first);
        t.store('second in timer', second);
      }, 1);
    });
  });
}, 1);
setTimeout(() => {
  first.run('other', () => {
    t.store('first in other', first);
    t.store('second in other', second);
  });
}, 300);

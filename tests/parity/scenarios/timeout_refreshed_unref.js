// rows: test-handle-wrap-hasref.js
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
const storage = new AsyncLocalStorage();
const keep = setTimeout(() => t.print('never'), 60000);
let calls = 0;
const timeout = storage.run('started', () => setTimeout(() => {
  t.where('fired');
  t.store('fired', storage);
  if (++calls === 2) {
    clearTimeout(keep);
    return;
  }
  setImmediate(() => storage.run('refreshed', () => {
    timeout.refresh();
    t.print(`refreshed ${timeout.hasRef()}`);
  }));
}, 1));
timeout.unref();
t.print(`unref ${timeout.hasRef()}`);

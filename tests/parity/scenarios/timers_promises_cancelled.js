'use strict';
const { setTimeout, setImmediate } = require('timers/promises');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.start({ only: ['Timeout', 'Immediate'] });
const wait = (make, name) => {
  const controller = new AbortController();
  storage.run(`of ${name}`, () => make(controller.signal).catch(() => {
    t.store(`cancelled ${name}`, storage);
  }));
  return controller;
};
const timeout = wait((signal) => setTimeout(1000, 0, { signal }), 'timeout');
const immediate = wait((signal) => setImmediate(0, { signal }), 'immediate');
storage.run('cancels', () => {
  timeout.abort();
  immediate.abort();
  t.print('cancelled both');
});

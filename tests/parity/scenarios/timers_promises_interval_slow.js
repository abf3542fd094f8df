'use strict';
const { setInterval } = require('timers/promises');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const next = (text) => interval.next().then(({ value, done }) => {
  t.store(`${text} ${value} ${done}`, storage);
});
const interval = storage.run('maker', () => setInterval(1, 'value'));
storage.run('first', () => next('first')).then(() => {
  setTimeout(() => storage.run('timeout', () => {
    next('waited for').then(() => storage.run('ends', () => {
      interval.return();
      t.store('ended', storage);
    }));
  }), 10);
});

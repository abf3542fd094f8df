// Callbacks see the store of their then(), whoever the timer belongs to.
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { setTimeout, setImmediate } = require('timers/promises');
const t = require('../support/trace.js');

const storage = new ALS();
const outside = setTimeout(1);
storage.run('one', () => {
  outside.then(() => {
    t.store('outside, then in one', storage);
    return setImmediate();
  }).then(() => {
    t.store('after the immediate', storage);
    const inside = setTimeout(1);
    storage.run('two', () => {
      inside.then(() => t.store('inside one, then in two', storage));
    });
  });
});

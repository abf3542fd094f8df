// rows: test-diagnostics-channel-bind-store.js
'use strict';
const { channel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS(), one = channel('one'), two = channel('two');
one.bindStore(storage, (message) => `one ${message}`);
two.bindStore(storage);
const late = (message) => t.print(`late ${message}`);
one.subscribe((message) => {
  t.store(`subscriber ${message}`, storage);
  one.subscribe(late);
});
two.subscribe(() => { one.unbindStore(storage); storage.enterWith('entered'); });
one.runStores('a', () => {
  t.store('in one', storage);
  two.runStores('b', () => {
    t.store('in two', storage);
    one.runStores('c', () => t.store('in one again', storage));
    setImmediate(() => t.store('immediate', storage));
  });
  t.store('back in one', storage);
});
t.store('outside', storage);

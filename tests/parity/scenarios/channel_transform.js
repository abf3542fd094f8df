// rows: test-diagnostics-channel-bind-store.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const other = new ALS();
const channel = dc.channel('test');
channel.bindStore(storage, (message) => `transformed ${message}`);
channel.bindStore(other);
channel.runStores('a', () => {
  t.store('first', storage);
  t.store('second', other);
  channel.runStores('b', () => {
    t.store('nested first', storage);
    t.store('nested second', other);
  });
  t.store('first again', storage);
});
t.store('first outside', storage);
t.store('second outside', other);

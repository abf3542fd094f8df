// rows: test-diagnostics-channel-tracing-channel-callback-run-stores.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const channel = dc.tracingChannel('test');
channel.start.bindStore(storage, () => 'of start');
channel.asyncStart.bindStore(storage, () => 'of asyncStart');
channel.subscribe({
  start: () => t.store('start', storage),
  end: () => t.store('end', storage),
  asyncStart: () => t.store('asyncStart', storage),
  asyncEnd: () => t.store('asyncEnd', storage),
});
channel.traceCallback((callback) => {
  t.store('inside', storage);
  setImmediate(callback);
}, 0, {}, undefined, () => t.store('callback', storage));
t.store('outside', storage);

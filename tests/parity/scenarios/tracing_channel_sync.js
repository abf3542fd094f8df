// rows: test-diagnostics-channel-tracing-channel-sync-run-stores.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const channel = dc.tracingChannel('test');
channel.start.bindStore(storage, () => 'of start');
channel.subscribe({
  start: () => t.store('start', storage),
  end: () => t.store('end', storage),
});
channel.traceSync(() => t.store('inside', storage));
t.store('outside', storage);

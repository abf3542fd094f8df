// rows: test-diagnostics-channel-tracing-channel-promise-run-stores.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const channel = dc.tracingChannel('test');
channel.start.bindStore(storage, () => 'of start');
channel.asyncStart.bindStore(storage, () => 'of asyncStart');
channel.tracePromise(async () => {
  t.store('inside', storage);
  await 0;
  t.store('after await', storage);
}).then(() => t.store('then', storage));
t.store('outside', storage);

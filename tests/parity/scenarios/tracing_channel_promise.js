// rows: test-diagnostics-channel-tracing-channel-promise-run-stores.js
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
  asyncStart: ({ result }) => t.store(`asyncStart ${result}`, storage),
  asyncEnd: () => t.store('asyncEnd', storage),
  error: ({ error }) => t.store(`error ${error}`, storage),
});
t.promises();
channel.tracePromise(() => {
  t.store('inside', storage);
  return Promise.resolve('value').then((value) => {
    t.store(`inside, later ${value}`, storage);
    return value;
  });
}).then((value) => t.store(`then ${value}`, storage));
t.store('outside', storage);
setImmediate(() => {
  channel.tracePromise(() => Promise.reject('reason'))
    .catch((reason) => t.store(`catch ${reason}`, storage));
});

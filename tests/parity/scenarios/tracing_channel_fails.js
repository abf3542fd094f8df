'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
const channel = dc.tracingChannel('test');
channel.start.bindStore(storage, () => 'of start');
channel.asyncStart.bindStore(storage, () => 'of asyncStart');
channel.subscribe({
  start: () => show('start'),
  end: () => show('end'),
  asyncStart: () => show('asyncStart'),
  asyncEnd: () => show('asyncEnd'),
  error: ({ error }) => show(`error ${error}`),
});
process.on('uncaughtException', (error) => show(`uncaught ${error}`));
const attempt = (call) => {
  try {
    call();
  } catch (error) {
    show(`caught ${error}`);
  }
};
const callback = () => show('callback');
attempt(() => channel.traceSync(() => {
  show('inside');
  channel.traceSync(() => show('nested'));
  throw 'sync';
}));
attempt(() => channel.traceCallback(() => { throw 'callback'; },
                                    0, {}, undefined, callback));
channel.traceCallback((done) => done(), 0, {}, undefined, callback);
channel.traceCallback((done) => setImmediate(done), 0, {}, undefined, () => {
  show('fails');
  throw 'in the callback';
});

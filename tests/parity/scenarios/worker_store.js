'use strict';
const wt = require('worker_threads');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
if (!wt.isMainThread) {
  t.store('in the worker', storage);
  wt.parentPort.postMessage('hello');
} else {
  storage.run('maker', () => {
    const worker = new wt.Worker(__filename);
    worker.on('message', () => t.store('message', storage));
    worker.on('exit', () => t.store('exit', storage));
  });
}

'use strict';
const wt = require('worker_threads');
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
if (!wt.isMainThread) {
  t.hook('', { only: ['Timeout', 'Immediate'], events: ['init'] }).enable();
  storage.run('of the worker', () => {
    wt.parentPort.on('message', (message) => {
      show(`worker got ${message}`);
      new AsyncResource('IN_WORKER').runInAsyncScope(() => show('in scope'));
      wt.parentPort.close();
    });
    setTimeout(() => {
      show('timeout');
      setImmediate(() => {
        show('immediate');
        wt.parentPort.postMessage('ready');
      });
    }, 1);
  });
} else {
  storage.run('maker', () => {
    const worker = new wt.Worker(__filename);
    worker.on('message', () => {
      show('ready');
      storage.run('poster', () => worker.postMessage('hello'));
    });
    worker.on('exit', () => show('exit'));
  });
}

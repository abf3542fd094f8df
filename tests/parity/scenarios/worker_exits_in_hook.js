// rows: test-async-hooks-worker-asyncfn-terminate-4.js
'use strict';
const wt = require('worker_threads');
const { createHook, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  createHook({ before() { process.exit(7); } }).enable();
  wt.parentPort.postMessage('up');
  setTimeout(() => wt.parentPort.postMessage('never'), 1);
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => t.print(message));
  worker.on('error', () => t.print('error'));
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

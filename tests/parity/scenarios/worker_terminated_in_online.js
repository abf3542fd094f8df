// rows: test-async-hooks-worker-asyncfn-terminate-2.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.on('message', () => {});
} else {
  const worker = new wt.Worker(__filename);
  worker.on('online', () => {
    t.print('online');
    worker.postMessage('read or not');
    worker.terminate();
  });
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

// rows: test-async-hooks-worker-asyncfn-terminate-1.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  const stopping = new Int32Array(wt.workerData);
  setImmediate(() => {
    wt.parentPort.postMessage('busy');
    while (Atomics.load(stopping, 0) === 0);
    setTimeout(() => t.print('not reached'), 10000);
  });
} else {
  const shared = new SharedArrayBuffer(4);
  const worker = new wt.Worker(__filename, { workerData: shared });
  worker.on('message', (message) => {
    t.print(message);
    worker.terminate();
  });
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

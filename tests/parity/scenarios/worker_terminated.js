// rows: test-async-hooks-worker-asyncfn-terminate-1.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.postMessage('ready');
  setInterval(() => {}, 1000);
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => {
    t.print(message);
    worker.terminate();
  });
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

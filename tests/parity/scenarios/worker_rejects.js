// rows: test-async-hooks-worker-asyncfn-terminate-3.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.postMessage('up');
  setInterval(() => {}, 1000);
  Promise.reject(new Error('nobody asks'));
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => t.print(message));
  worker.on('error', (error) => t.print(`error ${error.message}`));
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

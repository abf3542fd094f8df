// rows: test-async-hooks-worker-asyncfn-terminate-3.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.on('message', (message) => {
    if (message === 'second') throw new Error('in message');
    wt.parentPort.postMessage(`got ${message}`);
  });
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => {
    t.print(message);
    worker.postMessage('second');
  });
  worker.on('error', (error) => t.print(`error ${error.message}`));
  worker.on('exit', (code) => t.print(`exit ${code}`));
  worker.postMessage('first');
}

// rows: test-async-hooks-worker-asyncfn-terminate-1.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  process.nextTick(() => wt.parentPort.postMessage('tick'));
  queueMicrotask(() => wt.parentPort.postMessage('microtask'));
  setImmediate(() => {
    wt.parentPort.postMessage('immediate');
    process.exit(3);
  });
  setImmediate(() => wt.parentPort.postMessage('never'));
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => t.print(message));
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

// rows: test-async-hooks-worker-asyncfn-terminate-1.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  setInterval(() => {}, 1000);
} else {
  const worker = new wt.Worker(__filename);
  worker.on('error', () => t.print('error'));
  worker.on('exit', () => {
    t.print('exit');
    worker.postMessage('too late');
    worker.terminate();
    t.print(`thread ${worker.threadId}`);
  });
  worker.postMessage('never read');
  worker.terminate();
  worker.terminate();
}

'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.on('message', (message) => {
    wt.parentPort.postMessage(`${message} and back`);
    wt.parentPort.close();
  });
} else {
  const worker = new wt.Worker(__filename);
  worker.on('message', (message) => t.print(`message ${message}`));
  worker.on('exit', (code) => t.print(`exit ${code}`));
  worker.postMessage('there');
}

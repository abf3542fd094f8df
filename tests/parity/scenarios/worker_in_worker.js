'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (wt.isMainThread) {
  const worker = new wt.Worker(__filename, { workerData: 'outer' });
  worker.on('message', (message) => t.print(message));
  worker.on('exit', (code) => t.print(`outer exit ${code}`));
} else if (wt.workerData === 'outer') {
  const worker = new wt.Worker(__filename, { workerData: 'inner' });
  worker.on('message', (message) => {
    wt.parentPort.postMessage(`${message} through outer`);
    process.exit(3);
  });
} else {
  wt.parentPort.postMessage('from inner');
  wt.parentPort.on('message', () => {});
}

// rows: test-worker-messageport-hasref.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.postMessage('from the worker');
  throw new Error('on purpose');
} else {
  t.start({ only: ['WORKER'] });
  const worker = new wt.Worker(__filename);
  worker.on('online', () => t.print('online'));
  worker.on('message', (message) => t.print(`message ${message}`));
  worker.on('error', (error) => t.print(`error ${error.message}`));
  worker.on('exit', (code) => t.where(`exit ${code}`));
}

// rows: test-worker-messageport-hasref.js
'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

// Messages have a port of their own in Node, and which of two is read first when
// both have something is an accident: so each event is asked for by the one
// before. Of error and exit none can be asked for, and Node may put the one into
// the scope of the other.
if (!wt.isMainThread) {
  wt.parentPort.on('message', (order) => {
    if (order === 'fail') throw new Error('on purpose');
    wt.parentPort.postMessage('from the worker');
  });
} else {
  t.start({ only: ['WORKER'] });
  const worker = new wt.Worker(__filename);
  worker.on('online', () => {
    t.print('online');
    worker.postMessage('speak');
  });
  worker.on('message', (message) => {
    t.print(`message ${message}`);
    worker.postMessage('fail');
  });
  worker.on('error', (error) => t.print(`error ${error.message}`));
  worker.on('exit', (code) => t.where(`exit ${code}`));
}

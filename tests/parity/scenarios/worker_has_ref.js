// rows: test-worker-hasref.js
'use strict';
const ah = require('async_hooks');
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  wt.parentPort.once('message', () => {});
} else {
  let handle;
  ah.createHook({ init(id, type, trigger, resource) {
    if (type === 'WORKER') handle = resource;
  } }).enable();
  const worker = new wt.Worker(__filename);
  t.print(`made ${handle.hasRef()}`);
  worker.unref();
  t.print(`unref ${handle.hasRef()}`);
  worker.ref();
  t.print(`ref ${handle.hasRef()}`);
  worker.on('exit', (code) => t.print(`exit ${code}`));
  worker.postMessage('end');
}

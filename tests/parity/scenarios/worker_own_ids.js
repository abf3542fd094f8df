// rows: test-worker-hasref.js
'use strict';
const ah = require('async_hooks');
const wt = require('worker_threads');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  t.print(`trigger at top #${ah.triggerAsyncId()}`);
  t.hook('worker', { only: ['made in the worker'] }).enable();
  new AsyncResource('made in the worker').emitDestroy();
} else {
  t.hook('main', { only: ['WORKER', 'made in the worker'] }).enable();
  const worker = new wt.Worker(__filename);
  worker.on('exit', (code) => t.where(`exit ${code}`));
}

// rows: test-async-hooks-worker-asyncfn-terminate-1.js test-async-hooks-worker-asyncfn-terminate-2.js test-async-hooks-worker-asyncfn-terminate-3.js test-async-hooks-worker-asyncfn-terminate-4.js
'use strict';
const ah = require('async_hooks');
const wt = require('worker_threads');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  ah.createHook({ before() {}, after() {}, promiseResolve() {} }).enable();
  new AsyncResource('R').runInAsyncScope(() => {
    t.print('exits');
    process.exit(7);
  });
  t.print('not reached');
} else {
  const worker = new wt.Worker(__filename);
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

// rows: test-async-hooks-worker-asyncfn-terminate-1.js test-async-hooks-worker-asyncfn-terminate-2.js test-async-hooks-worker-asyncfn-terminate-3.js test-async-hooks-worker-asyncfn-terminate-4.js
'use strict';
const ah = require('async_hooks');
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  setImmediate(async () => {
    ah.createHook({ init() {}, before() {}, after() {} }).enable();
    setImmediate(() => t.print('not reached'));
    await 0;
    t.print('exits');
    process.exit(4);
    t.print('not reached');
  });
} else {
  const worker = new wt.Worker(__filename);
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

// rows: test-worker-messageport-hasref.js test-worker-hasref.js
'use strict';
const ah = require('async_hooks');
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (wt.isMainThread) {
  const live = new Map();
  ah.createHook({
    init(id, type, trigger, resource) {
      if (type === 'WORKER' || type === 'MESSAGEPORT') {
        live.set(id, { type, resource });
      }
    },
    destroy(id) { live.delete(id); },
  }).enable();
  const show = (text) => {
    const types = [...live.values()].filter((one) => one.resource.hasRef())
      .map((one) => one.type);
    t.print(`${text} ${types.join(' ') || 'none'}`);
  };
  const worker = new wt.Worker(__filename);
  show('made');
  worker.unref();
  show('unref');
  worker.ref();
  show('ref');
  worker.on('exit', () => {
    show('exit');
    setTimeout(() => show('later'), 0);
  });
}

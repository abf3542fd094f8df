// rows: test-destroy-not-blocked.js
'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let count = 0;
ah.createHook({ destroy() { count++; } }).enable();
function emit(n) {
  for (let i = 0; i < n; i++) new AsyncResource('R').emitDestroy();
}
setTimeout(() => {
  count = 0;
  emit(16384);
  queueMicrotask(() => t.print(`16384 in a microtask: ${count > 0}`));
  setImmediate(() => {
    t.print(`16384 in an immediate: ${count >= 16384}`);
    count = 0;
    emit(20000);
    t.print(`20000 at once: ${count > 0}`);
    process.nextTick(() => t.print(`20000 in a tick: ${count > 0}`));
    queueMicrotask(() => t.print(`20000 in a microtask: ${count >= 20000}`));
  });
}, 1);

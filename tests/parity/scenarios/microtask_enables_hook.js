// rows: test-queue-microtask.js test-async-hooks-enable-during-promise.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { only: ['Microtask', 'TickObject', 'Immediate'] });
queueMicrotask(() => {
  hook.enable();
  t.where('untracked');
  queueMicrotask(() => {
    t.where('tracked');
    process.nextTick(() => t.where('tick'));
    hook.disable();
    queueMicrotask(() => t.where('untracked again'));
    hook.enable();
  });
  setImmediate(() => t.where('immediate'));
});
queueMicrotask(() => t.where('queued before'));

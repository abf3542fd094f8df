// rows: test-process-getactiveresources.js
'use strict';
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
for (let i = 0; i < 3; i++) setImmediate(() => {});
show('three');
const last = setImmediate(() => show('in its callback'));
last.unref();
show('the fourth unref');
last.ref();
process.nextTick(() => {});
queueMicrotask(() => {});
show('the fourth ref, a tick and a microtask');

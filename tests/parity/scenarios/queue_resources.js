'use strict';
const t = require('../support/trace.js');

t.start();
process.nextTick(() => process.nextTick(() => t.print('nested tick')));
queueMicrotask(() => t.print('microtask'));
setImmediate(() => t.print('immediate'));
clearTimeout(setTimeout(() => t.print('never'), 50));
clearImmediate(setImmediate(() => t.print('never')));

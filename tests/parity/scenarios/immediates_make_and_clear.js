// rows: test-immediate.js test-timers-clearImmediate-als.js
'use strict';
const t = require('../support/trace.js');

t.start();
let second, fourth;
setImmediate(() => {
  t.print('first');
  clearImmediate(second);
  fourth = setImmediate(() => t.print('fourth'));
  process.nextTick(() => {
    t.print('tick');
    setImmediate(() => t.print('fifth'));
  });
});
second = setImmediate(() => t.print('second'));
setImmediate(() => {
  t.print('third');
  clearImmediate(fourth);
  queueMicrotask(() => setImmediate(() => t.print('sixth')));
});

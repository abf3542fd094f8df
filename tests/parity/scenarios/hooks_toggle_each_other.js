// rows: test-enable-disable.js test-async-hooks-enable-recursive.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const a = t.hook('a', { on(word) {
  if (word === 'init') { b.enable(); a.disable(); a.enable(); }
  if (word === 'after') { b.disable(); c.enable(); }
} });
const b = t.hook('b', { on(word) {
  if (word === 'before') { a.disable(); c.disable(); c.enable(); }
} });
const c = t.hook('c', { on(word) {
  if (word === 'before') { a.enable(); b.disable(); b.enable(); }
} });
a.enable();
const resource = new AsyncResource('FIRST');
for (let i = 0; i < 3; i++) {
  resource.runInAsyncScope(() => {
    new AsyncResource(`INSIDE${i}`).runInAsyncScope(() => t.print('inside'));
  });
}
resource.emitDestroy();

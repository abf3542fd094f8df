// rows: test-async-hooks-enable-disable.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const second = t.hook('second');
const first = t.hook('first', { on(word) {
  if (word !== 'destroy') return;
  second.enable();
  first.disable();
} });
first.enable();
for (const type of ['A', 'B', 'C']) new AsyncResource(type).emitDestroy();
setImmediate(() => t.print('immediate'));

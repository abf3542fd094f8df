// rows: test-async-hooks-close-during-destroy.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const inner = new AsyncResource('inner');
let first = true;
t.hook('', { events: ['destroy'], only: ['outer', 'inner'], on() {
  if (first) {
    first = false;
    inner.emitDestroy();
  }
} }).enable();
const seen = new AsyncResource('outer');
seen.emitDestroy();
setImmediate(() => t.print('immediate'));

// rows: test-enable-in-init.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let busy = false;
t.start({ on(word) {
  if (busy) return;
  busy = true;
  const made = new AsyncResource(`IN_${word.toUpperCase()}`);
  t.where(word);
  made.runInAsyncScope(() => t.where(`scope in ${word}`));
  busy = false;
} });
const resource = new AsyncResource('FIRST');
resource.runInAsyncScope(() => t.where('scope'));

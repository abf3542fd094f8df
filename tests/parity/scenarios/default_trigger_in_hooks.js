// rows: test-nexttick-default-trigger.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let busy = false;
t.start({ on() {
  if (busy) return;
  busy = true;
  new AsyncResource('BY_DEFAULT');
  new AsyncResource('BY_NUMBER', 77);
  busy = false;
} });
const outer = new AsyncResource('OUTER', { triggerAsyncId: 0 });
outer.runInAsyncScope(() => {
  t.where('scope');
  setImmediate(() => t.where('immediate'));
});

// rows: test-destroy-not-blocked.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let once = false;
t.start({ only: ['FIRST', 'SECOND', 'Microtask'], on(word) {
  if (word !== 'destroy' || once) return;
  once = true;
  queueMicrotask(() => t.where('microtask'));
} });
new AsyncResource('FIRST').emitDestroy();
new AsyncResource('SECOND').emitDestroy();
setImmediate(() => t.where('immediate'));

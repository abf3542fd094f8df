'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'destroy'], only: ['R', 'late'], on(word) {
  if (word !== 'destroy' || made) return;
  made = true;
  t.where('in destroy');
  new AsyncResource('late').emitDestroy();
} }).enable();
let made = false;
setImmediate(() => {
  new AsyncResource('R').emitDestroy();
});

'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let once = true;
t.hook('h', { on() {
  if (once) {
    once = false;
    new AsyncResource('inner');
  }
} }).enable();
t.hook('i').enable();
new AsyncResource('outer');

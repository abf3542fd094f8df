// A callback of then() that answers another promise, which is waited for.
'use strict';
const { setTimeout, setImmediate } = require('timers/promises');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
setTimeout(1, 'first').then((value) => {
  t.where(value);
  return setImmediate('second');
}).then((value) => {
  t.where(value);
  return setTimeout(1, 'third');
}).then((value) => t.where(value));

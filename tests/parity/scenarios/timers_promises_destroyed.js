// The Timeout and the Immediate are destroyed after what waited for them.
'use strict';
const { setTimeout, setImmediate } = require('timers/promises');
const t = require('../support/trace.js');

t.start({ only: ['Timeout', 'Immediate'] });
setTimeout(1).then(() => {
  t.print('timer');
  return setImmediate();
}).then(() => t.print('immediate'));

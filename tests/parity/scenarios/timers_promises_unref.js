// rows: test-timers.setTimeout.js
'use strict';
const { setTimeout, setImmediate } = require('timers/promises');
const t = require('../support/trace.js');

setTimeout(100000, 'never', { ref: false }).then(t.print);
setImmediate('an immediate', { ref: false }).then(t.print);
globalThis.setImmediate(() => t.print('another that is waited for'));

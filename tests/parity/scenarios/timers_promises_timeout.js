// A timer as a promise: the promise, then its Timeout, in whose scope it is
// resolved.
'use strict';
const { setTimeout } = require('timers/promises');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
setTimeout(1, 'value').then((value) => t.where(`then ${value}`));
t.where('asked');

'use strict';
const { setImmediate } = require('timers/promises');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
setImmediate('value').then((value) => t.where(`then ${value}`));
t.where('asked');

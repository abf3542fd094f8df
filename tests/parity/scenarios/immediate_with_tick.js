'use strict';
const t = require('../support/trace.js');

t.start();
setImmediate(() => process.nextTick(() => t.where('tick')));

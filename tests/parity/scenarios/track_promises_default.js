// rows: test-track-promises-default.js
'use strict';
const t = require('../support/trace.js');

t.hook('', { only: ['PROMISE'], events: ['init'] }).enable();
Promise.resolve();

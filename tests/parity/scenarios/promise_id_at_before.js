// rows: test-promise.chain-promise-before-init-hooks.js
'use strict';
const t = require('../support/trace.js');

Promise.resolve().then(() => t.where('first')).then(() => t.where('second'));
t.hook('', { events: ['init', 'before', 'after'] }).enable();

// rows: test-promise.promise-before-init-hooks.js
'use strict';
const t = require('../support/trace.js');

const parent = Promise.resolve().then(() => t.where('parent'));
t.hook('', { events: ['init', 'before', 'after'] }).enable();
parent.then(() => t.where('child'));

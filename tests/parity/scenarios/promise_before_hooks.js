// rows: test-promise.promise-before-init-hooks.js
'use strict';
const t = require('../support/trace.js');

let resolve;
const promise = new Promise((r) => { resolve = r; });
t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
promise.then(() => t.where('then'));
resolve();

// rows: test-promise.promise-before-init-hooks.js
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

const parent = Promise.resolve().then(() => {
  t.print(`parent eid=#${ah.executionAsyncId()}`);
});
t.hook('', { events: ['init', 'before', 'after'] }).enable();
parent.then(() => t.where('child'));

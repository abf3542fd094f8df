// rows: test-track-promises-false.js test-track-promises-false-check.js
'use strict';
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after'], trackPromises: false })
  .enable();
Promise.resolve().then(() => t.where('then'));
setTimeout(() => {}, 1);

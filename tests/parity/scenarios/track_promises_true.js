// rows: test-track-promises-true.js
'use strict';
const t = require('../support/trace.js');

t.hook('', { only: ['PROMISE'], events: ['init'], trackPromises: true })
  .enable();
Promise.resolve();

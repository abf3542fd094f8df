// rows: test-async-hooks-enable-during-promise.js
'use strict';
const t = require('../support/trace.js');

Promise.resolve().then(() => {
  t.hook('', { events: ['init', 'before', 'after'] }).enable();
  process.nextTick(() => t.where('tick'));
});

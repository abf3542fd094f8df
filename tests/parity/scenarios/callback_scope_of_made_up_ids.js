// rows: addons/callback-scope
// flags: --expose-internals
'use strict';
const t = require('../support/trace.js');

const { emitBefore, emitAfter } = require('internal/async_hooks');
t.hook('', { events: ['before', 'after'] }).enable();
setImmediate(() => {
  emitBefore(1000, 1000, {});
  t.where('inside');
  emitAfter(1000);
});

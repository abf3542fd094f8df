// rows: test-promise.promise-before-init-hooks.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { events: ['init', 'before', 'after'] });
process.on('unhandledRejection', () => t.where('unhandled'));
Promise.resolve().then(() => {
  hook.enable();
  t.where('then');
  throw new Error('then');
});

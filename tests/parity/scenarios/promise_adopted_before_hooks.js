// rows: test-async-wrap-promise-after-enabled.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { events: ['init', 'before', 'after', 'resolve'] });
const other = Promise.withResolvers();
const waiting = Promise.withResolvers();
waiting.resolve(other.promise);
waiting.promise.then(() => t.where('then'));
setImmediate(() => {
  hook.enable();
  other.resolve();
});

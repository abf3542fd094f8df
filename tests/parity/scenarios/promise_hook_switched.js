// rows: test-async-hooks-correctly-switch-promise-hook.js
'use strict';
const t = require('../support/trace.js');

const first = t.hook('first', {
  only: ['PROMISE'],
  events: ['init', 'before', 'after', 'resolve'],
});
first.enable();
const promise = Promise.resolve();
setImmediate(() => {
  const second = t.hook('second', {
    only: ['PROMISE'],
    events: ['init', 'before', 'after', 'resolve', 'destroy'],
  });
  second.enable();
  promise.then(() => t.where('then'));
});

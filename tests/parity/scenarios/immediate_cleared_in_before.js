'use strict';
const { createHook } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const [first, second] = [1, 2, 3].map((number) => {
  return setImmediate(() => t.where(`immediate ${number}`));
});
createHook({
  before() {
    clearImmediate(first);
    clearImmediate(second);
  },
}).enable();

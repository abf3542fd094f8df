// rows: test-async-hooks-disable-during-promise.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', {
  only: ['PROMISE'],
  events: ['init', 'before', 'after'],
}).enable();
Promise.resolve(1).then(() => {
  t.print('disable');
  hook.disable();
  Promise.resolve(42).then(() => t.print('not seen'));
});

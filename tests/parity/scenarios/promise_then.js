// rows: test-promise.js test-async-hooks-promise.js test-async-hooks-promise-triggerid.js
'use strict';
const t = require('../support/trace.js');

t.promises();
new Promise((resolve) => resolve()).then(() => {
  t.where('then');
  new Promise(() => {});
});

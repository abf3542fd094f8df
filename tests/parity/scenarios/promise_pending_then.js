// rows: test-promise.js
'use strict';
const t = require('../support/trace.js');

t.promises();
const promise = new Promise((resolve) => setTimeout(() => {
  t.print('resolve');
  resolve();
}, 1));
promise.then(() => t.where('first')).then(() => t.where('second'));
promise.then(() => t.where('third'));

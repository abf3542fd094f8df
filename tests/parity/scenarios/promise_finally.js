'use strict';
const t = require('../support/trace.js');

t.promises();
const promise = Promise.resolve('value');
promise.finally(() => t.where('finally'))
  .then((value) => t.where(`then ${value}`));
let beside = promise;
for (const text of ['one', 'two', 'three', 'four', 'five'])
  beside = beside.then(() => t.where(text));

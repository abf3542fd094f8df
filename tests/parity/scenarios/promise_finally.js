'use strict';
const t = require('../support/trace.js');

Promise.resolve('value')
  .finally(() => t.where('finally'))
  .then((value) => t.where(`then ${value}`));

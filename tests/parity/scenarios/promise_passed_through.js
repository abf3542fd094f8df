'use strict';
const t = require('../support/trace.js');

t.promises();
Promise.resolve('value').then().then(null, () => t.print('not called'))
  .catch(() => t.print('not called')).finally()
  .then((value) => t.where(`then ${value}`));
Promise.reject('reason').then().then(() => t.print('not called'))
  .finally().catch((reason) => t.where(`caught ${reason}`))
  .then((value) => t.where(`then ${value}`));

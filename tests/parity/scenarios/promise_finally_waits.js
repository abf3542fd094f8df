'use strict';
const t = require('../support/trace.js');

const later = (settle) => new Promise((resolve, reject) => {
  setImmediate(() => settle(resolve, reject));
});

t.promises();
Promise.resolve('value')
  .finally(() => later((resolve) => resolve('dropped')))
  .then((value) => t.where(`then ${value}`));
Promise.reject('reason')
  .finally(() => later((resolve) => resolve('dropped')))
  .catch((reason) => t.where(`catch ${reason}`));
Promise.resolve('value')
  .finally(() => later((resolve, reject) => reject('of the wait')))
  .catch((reason) => t.where(`catch ${reason}`));
Promise.reject('reason')
  .finally(() => { t.where('throws'); throw 'of the callback'; })
  .catch((reason) => t.where(`catch ${reason}`));

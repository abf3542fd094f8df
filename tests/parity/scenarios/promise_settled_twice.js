'use strict';
const t = require('../support/trace.js');

t.promises();
const { promise, resolve, reject } = Promise.withResolvers();
const other = Promise.withResolvers();
const adopting = Promise.withResolvers();
adopting.resolve(other.promise);
adopting.resolve('too late');
adopting.reject('too late');
promise.then((value) => {
  t.where(`then ${value}`);
  resolve('inside');
  other.resolve('other');
  other.reject('too late');
});
adopting.promise.then((value) => t.where(`adopted ${value}`));
resolve('first');
resolve('second');
reject('third');
resolve(other.promise);

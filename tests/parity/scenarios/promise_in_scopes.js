'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.hook('', { events: ['init', 'before', 'after', 'resolve'] }).enable();
const [makes, asks, settles] =
  ['MAKES', 'ASKS', 'SETTLES'].map((type) => new AsyncResource(type));
const { promise, resolve } =
  makes.runInAsyncScope(() => Promise.withResolvers());
const derived = asks.runInAsyncScope(() => promise.then(() => {
  t.where('then');
  return asks.runInAsyncScope(() => {
    t.where('scope in then');
    return Promise.resolve();
  });
}));
settles.runInAsyncScope(() => {
  resolve();
  derived.finally(() => t.where('finally'));
});

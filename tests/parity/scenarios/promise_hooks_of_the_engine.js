// rows: test-promise-hook-create-hook.js test-promise-hook-on-init.js test-promise-hook-on-before.js test-promise-hook-on-after.js test-promise-hook-on-resolve.js
// What Node shows of promises beneath its async hooks comes in the same order.
'use strict';
const t = require('../support/trace.js');

const { promiseHooks } = require('v8');
const ids = new Map();
const id = (promise) => ids.get(promise);
const stop = promiseHooks.createHook({
  init(promise, parent) {
    ids.set(promise, ids.size + 2);
    t.print(`init #${id(promise)} by #${id(parent) ?? 1}`);
  },
  before: (promise) => t.print(`before #${id(promise)}`),
  after: (promise) => t.print(`after #${id(promise)}`),
  settled: (promise) => t.print(`settled #${id(promise)}`),
});
let resolve;
const promise = new Promise((r) => { resolve = r; });
const first = promise.then(() => t.print('then'));
const second = first.then(() => { throw new Error('thrown'); });
const third = second.catch(() => t.print('caught'));
const adopts = new Promise((r) => r(third));
adopts.then(() => {
  t.print('last');
  stop();
  Promise.resolve();
});
resolve();

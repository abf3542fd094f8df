'use strict';
const t = require('../support/trace.js');

t.promises();
let resolve;
const promise = new Promise((take) => { resolve = take; });
promise.catch((error) => t.where(`caught ${error.message}`));
resolve(promise);
resolve('too late');

const derived = Promise.resolve().then(() => derived);
derived.catch((error) => t.where(`derived ${error.message}`));

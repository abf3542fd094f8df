'use strict';
const t = require('../support/trace.js');

const promise = Promise.resolve();
promise.then(() => t.where('then'));

// rows: test-track-promises-validation.js
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

t.refused('false with promiseResolve', () => ah.createHook({
  trackPromises: false,
  promiseResolve() {},
}));
t.refused('true with promiseResolve', () => ah.createHook({
  trackPromises: true,
  promiseResolve() {},
}));

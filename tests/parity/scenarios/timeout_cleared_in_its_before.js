// stderr: none is to be seen
'use strict';
const { createHook } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
process.on('uncaughtException', () => t.where('uncaught'));
const timer = setTimeout(() => t.where('called'), 1);
const interval = setInterval(() => t.where('interval'), 1);
createHook({
  before() {
    clearTimeout(timer);
    clearInterval(interval);
  },
}).enable();

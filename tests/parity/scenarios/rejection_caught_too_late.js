// rows: test-unhandled-rejection-context.js
'use strict';
const t = require('../support/trace.js');

process.on('unhandledRejection', (error, promise) => {
  t.print(`unhandled ${error.message}`);
  if (promise !== second)
    second.catch((error) => t.print(`caught ${error.message}`));
});
Promise.reject(new Error('first'));
const second = Promise.reject(new Error('second'));

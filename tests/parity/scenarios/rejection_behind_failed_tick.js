// rows: test-unhandled-rejection-context.js
'use strict';
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.print(`uncaught ${error.message}`));
process.on('unhandledRejection', (reason) => t.print(`unhandled ${reason}`));
let promise;
setImmediate(() => {
  process.nextTick(() => {
    Promise.reject('nobody');
    promise = Promise.reject('somebody');
    throw new Error('tick');
  });
});
setImmediate(() => {
  promise.catch((reason) => t.print(`caught ${reason}`));
});

'use strict';
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.print(`uncaught ${error}`));
setTimeout(() => {
  for (let i = 0; i < 4e6; i++) [i].toString; // V8 asks for a collection
  process.nextTick(() => { throw 'failed'; });
  process.nextTick(() => t.print('tick'));
  setImmediate(() => t.print('immediate'));
}, 1);

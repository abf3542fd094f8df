'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  throw new Error('nobody listens');
} else {
  process.on('uncaughtException', (error) =>
    t.print(`uncaught ${error.message}`));
  const worker = new wt.Worker(__filename);
  worker.on('exit', (code) => t.print(`exit ${code}`));
}

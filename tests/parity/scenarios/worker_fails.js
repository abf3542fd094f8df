'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  throw new Error('in the worker');
}
const worker = new wt.Worker(__filename);
worker.on('error', (error) => t.print(`error ${error.message}`));
worker.on('exit', (code) => t.print(`exit ${code}`));

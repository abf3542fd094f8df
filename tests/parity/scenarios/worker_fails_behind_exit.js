'use strict';
const wt = require('worker_threads');
const t = require('../support/trace.js');

if (!wt.isMainThread) {
  process.on('exit', () => { throw new Error('behind the exit'); });
  process.exit(0);
}
const worker = new wt.Worker(__filename);
worker.on('error', (error) => t.print(`error ${error.message}`));
worker.on('exit', (code) => t.print(`exit ${code}`));

'use strict';
const t = require('../support/trace.js');

Promise.reject(new Error('nobody catches this'));
process.on('exit', (code) => t.print(`exit ${code}`));
setImmediate(() => t.print('not reached'));

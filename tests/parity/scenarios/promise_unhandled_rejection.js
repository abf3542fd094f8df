// rows: test-unhandled-rejection-context.js
'use strict';
const t = require('../support/trace.js');

t.promises();
process.on('unhandledRejection', (reason) => t.where(`unhandled ${reason}`));
Promise.reject('reason');

// rows: test-unhandled-exception-valid-ids.js
'use strict';
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.where(`uncaught ${error}`));
t.start();
// exception: an Immediate of Node's own follows
setTimeout(() => { throw 'failure'; }, 1);

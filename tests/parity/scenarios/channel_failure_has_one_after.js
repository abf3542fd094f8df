'use strict';
const { channel } = require('diagnostics_channel');
const t = require('../support/trace.js');

process.on('uncaughtException', (error) => t.where(`uncaught ${error}`));
const one = channel('one');
one.subscribe(() => { throw 'failed'; });
setImmediate(() => {
  t.start({ only: ['TickObject'] });
  one.publish('message');
});

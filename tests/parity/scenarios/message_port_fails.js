// rows: test-unhandled-exception-valid-ids.js
'use strict';
const { MessageChannel } = require('worker_threads');
const t = require('../support/trace.js');

const { port1, port2 } = new MessageChannel();
process.on('uncaughtException', (error) => t.print(`uncaught ${error.message}`));
port2.on('message', (message) => {
  t.print(`message ${message}`);
  process.nextTick(() => t.print(`tick ${message}`));
  if (message === 'last') port2.close();
  throw new Error(message);
});
port2.on('close', () => t.print('close 2'));
port1.on('close', () => t.print('close 1'));
port1.ref();
port1.postMessage('first');
port1.postMessage('last');

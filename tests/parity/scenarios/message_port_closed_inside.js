'use strict';
const { MessageChannel } = require('worker_threads');
const t = require('../support/trace.js');

const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => {
  t.print(message);
  port2.close();
});
port2.on('close', () => t.print('closed'));
port1.postMessage('one');
port1.postMessage('two');

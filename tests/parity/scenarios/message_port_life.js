'use strict';
const { MessageChannel } = require('worker_threads');
const t = require('../support/trace.js');

t.start({ only: ['MESSAGEPORT', 'TickObject'] });
const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => {
  t.where(message);
  process.nextTick(() => t.where('tick'));
  if (message === 'last') port2.close();
});
port1.on('close', () => t.where('first closed'));
port2.on('close', () => t.where('second closed'));
port1.ref();
port1.postMessage('one');
port1.postMessage('last');
t.print('posted');

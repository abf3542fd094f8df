'use strict';
const { MessageChannel } = require('worker_threads');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.start({ only: ['MESSAGEPORT', 'TickObject', 'Microtask'] });
const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => {
  t.print(`message ${message}`);
  process.nextTick(() => t.print(`tick of ${message}`));
  queueMicrotask(() => t.print(`microtask of ${message}`));
  if (message === 'third') {
    storage.run('closer', () => port1.close());
  }
});
port2.on('close', () => t.store('close 2', storage));
port1.on('close', () => t.store('close 1', storage));
for (const text of ['first', 'second', 'third']) port1.postMessage(text);

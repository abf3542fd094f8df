// rows: test-messageport-hasref.js
'use strict';
const { MessageChannel } = require('worker_threads');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const make = (store) => storage.run(store, () => new MessageChannel());
const { port1, port2 } = make('channel');
storage.run('listener', () => {
  port1.on('message', (n) => {
    t.store(`port1 ${n}`, storage);
    storage.enterWith('entered');
    if (n === 4) port1.close();
    else port1.postMessage(n + 1);
  });
});
port2.on('message', (n) => {
  t.store(`port2 ${n}`, storage);
  port2.postMessage(n + 1);
});
port2.on('close', () => t.store('close 2', storage));
storage.run('poster', () => port1.postMessage(1));

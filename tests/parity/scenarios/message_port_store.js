'use strict';
const { MessageChannel } = require('worker_threads');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const { port1, port2 } = storage.run('maker', () => new MessageChannel());
storage.run('listener', () => port2.on('message', () => {
  t.store('message', storage);
  port2.close();
}));
storage.run('listener', () => port2.on('close', () =>
  t.store('close', storage)));
storage.run('poster', () => port1.postMessage('hello'));

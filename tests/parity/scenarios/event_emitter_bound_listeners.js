'use strict';
const EventEmitter = require('events');
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => {
  t.where(text);
  t.store(text, storage);
};
const emitter = new EventEmitter();
emitter.on('event', () => show('plain'));
storage.run('adds', () => {
  emitter.once('event', AsyncResource.bind(() => {
    show('bound');
    storage.enterWith('entered when bound');
  }));
});
emitter.on('event', () => {
  show('behind the bound one');
  storage.enterWith('entered in the listener');
});
process.on('uncaughtException', (error) => show(`uncaught ${error.message}`));
storage.run('emits', () => {
  emitter.emit('event');
  show('behind emit');
  process.nextTick(() => emitter.emit('error', new Error('nobody listens')));
});

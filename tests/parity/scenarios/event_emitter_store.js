'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const EventEmitter = require('events');
const storage = new ALS();
const emitter = new EventEmitter();
storage.run('of the listener', () => {
  emitter.on('event', () => t.store('plain', storage));
  emitter.on('event', AsyncResource.bind(() => t.store('bound', storage)));
});
storage.run('of the emitter', () => emitter.emit('event'));

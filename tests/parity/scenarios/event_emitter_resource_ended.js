'use strict';
const { EventEmitterAsyncResource } = require('events');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const emitter = new EventEmitterAsyncResource({
  name: 'Named', triggerAsyncId: 1, requireManualDestroy: true });
emitter.once('event', () => {
  t.where('once');
  emitter.emit('event');
  emitter.emitDestroy();
});
emitter.on('event', () => t.where('on'));
new AsyncResource('R').runInAsyncScope(() => emitter.emit('event'));
setImmediate(() => {
  t.where('immediate');
  emitter.emit('event');
  emitter.emit('nobody listens');
});

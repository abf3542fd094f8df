// rows: test-eventemitter-asyncresource.js
'use strict';
const { EventEmitter } = require('events');
const t = require('../support/trace.js');

const emitter = new EventEmitter();
const third = () => t.print('third');
emitter.once('event', () => {
  t.print('once');
  emitter.emit('event');
});
emitter.on('event', function second() {
  t.print('second');
  emitter.off('event', third);
  emitter.off('event', second);
  emitter.prependListener('event', () => t.print('new'));
});
emitter.on('event', third);
emitter.emit('event');
t.print('again');
emitter.emit('event');
t.print(`${emitter.listenerCount('event')}`);

'use strict';
const t = require('../support/trace.js');

const EventEmitter = require('events');
const emitter = new EventEmitter();
const say = (text) => () => t.print(text);
const removed = say('removed');
t.print(`nobody listens ${emitter.emit('event')}`);
emitter.on('event', say('second'));
emitter.prependListener('event', say('first'));
emitter.once('event', say('once'));
emitter.on('event', removed);
emitter.off('event', removed);
emitter.on('event', () => emitter.on('event', say('added while emitting')));
t.print(`listeners ${emitter.listenerCount('event')}`);
t.print(`heard ${emitter.emit('event')}`);
t.print(`listeners ${emitter.listenerCount('event')}`);
emitter.emit('event');

// rows: test-eventemitter-asyncresource.js
'use strict';
const { EventEmitterAsyncResource } = require('events');
const t = require('../support/trace.js');

t.start({ without: ['Immediate'] });
process.on('uncaughtException', () => t.where('uncaught'));
const emitter = new EventEmitterAsyncResource({ name: 'EMITTER' });
process.nextTick(() => {
  try {
    emitter.emit('error', new Error('caught'));
  } catch {
    t.where('caught');
  }
  emitter.emit('error', new Error('uncaught'));
  t.print('never');
});
process.nextTick(() => t.where('next'));

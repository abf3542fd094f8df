// rows: test-eventemitter-asyncresource.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { EventEmitter, EventEmitterAsyncResource } = require('events');
const t = require('../support/trace.js');

t.start();
const storage = new ALS();
const make = (name, store) =>
  storage.run(store, () => new EventEmitterAsyncResource({ name }));
const outer = make('OUTER', 'outer'), inner = make('INNER', 'inner');
const plain = new EventEmitter();
const show = (text) => { t.where(text); t.store(text, storage); };
plain.on('event', () => show('plain'));
inner.on('event', () => {
  show('inner');
  plain.emit('event');
  storage.enterWith('entered');
});
inner.on('event', () => { show('inner 2'); throw new Error('inner failed'); });
inner.on('event', () => show('never'));
outer.on('event', () => {
  try {
    inner.emit('event');
  } catch (error) {
    t.print(error.message);
  }
  show('outer');
  plain.emit('event');
});
storage.run('emitter', () => {
  outer.emit('event');
  show('end');
});

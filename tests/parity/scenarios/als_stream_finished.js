// rows: test-async-local-storage-stream-finished.js
// finished() is a listener for 'close', bound to the context it was asked in.
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const { Readable, finished } = require('stream');
const storage = new ALS();
const readable = new Readable();
t.hook('', {
  only: ['STREAM_END_OF_STREAM'], events: ['init', 'before', 'after'],
}).enable();
storage.run('321', () => {
  finished(readable, () => {
    t.where('finished');
    t.store('finished', storage);
  });
});
storage.run('654', () => {
  finished(readable, () => t.store('finished, too', storage));
});
readable.once('close', () => t.store('close', storage));
storage.run('of destroy', () => readable.destroy());
t.store('outside', storage);

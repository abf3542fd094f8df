// rows: test-zlib.zlib-binding.deflate.js
// Without init, in which Node names the job and libuv has no name for it.
'use strict';
const crypto = require('crypto');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.hook('', { events: ['before', 'after', 'destroy'] }).enable();
const job = (callback) => crypto.pbkdf2('password', 'salt', 1, 20, 'sha256',
                                        callback);
storage.run('of the caller', () => job(() => {
  t.where('first');
  t.store('first', storage);
  job(() => {
    t.where('second');
    t.store('second', storage);
  });
}));

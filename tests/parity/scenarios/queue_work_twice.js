// rows: test-crypto-pbkdf2.js
// One request used twice is two resources. Their types differ: Node names the
// job, and libuv has no name for it.
'use strict';
const crypto = require('crypto');
const asyncHooks = require('async_hooks');
const t = require('../support/trace.js');

const storage = new asyncHooks.AsyncLocalStorage();
asyncHooks.createHook({
  init: (id, type, trigger) => t.print(`init #${id} by #${trigger}`),
}).enable();
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

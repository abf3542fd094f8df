// rows: test-crypto-pbkdf2.js
// Without init, in which Node names the job and libuv has no name for it.
'use strict';
const crypto = require('crypto');
const t = require('../support/trace.js');

t.hook('', { events: ['before', 'after', 'destroy'] }).enable();
crypto.pbkdf2('password', 'salt', 1, 20, 'sha256', () => t.where('callback'));

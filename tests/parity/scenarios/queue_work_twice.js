// rows: test-zlib.zlib-binding.deflate.js
'use strict';
const crypto = require('crypto');
const t = require('../support/trace.js');

t.start();
crypto.pbkdf2('password', 'salt', 1, 20, 'sha256', () => {
  t.where('first');
  crypto.pbkdf2('password', 'salt', 1, 20, 'sha256', () => t.where('second'));
});

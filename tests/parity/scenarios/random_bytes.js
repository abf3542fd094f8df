// rows: test-crypto-randomBytes.js
'use strict';
const crypto = require('crypto');
const t = require('../support/trace.js');

t.start();
crypto.randomBytes(42, () => t.where('callback'));

// rows: test-getaddrinforeqwrap.js
'use strict';
const dns = require('dns');
const t = require('../support/trace.js');

t.start();
dns.lookup('localhost', () => t.where('callback'));

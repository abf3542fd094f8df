// rows: test-getnameinforeqwrap.js
'use strict';
const dns = require('dns');
const t = require('../support/trace.js');

t.start();
dns.lookupService('127.0.0.1', 80, () => t.where('callback'));

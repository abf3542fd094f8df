// rows: test-fsreqcallback-access.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

t.start();
fs.access('not there', (error) => t.where(error.code));

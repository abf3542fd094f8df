// rows: test-late-hook-enable.js
'use strict';
const t = require('../support/trace.js');

setTimeout(() => t.start(), 1);

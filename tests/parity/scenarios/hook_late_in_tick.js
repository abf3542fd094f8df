// rows: test-late-hook-enable.js
'use strict';
const t = require('../support/trace.js');

setImmediate(() => process.nextTick(() => t.start()));

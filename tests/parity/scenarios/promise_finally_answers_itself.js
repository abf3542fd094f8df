// rows: test-promise.js
'use strict';
const t = require('../support/trace.js');

const waiting = Promise.resolve().finally(() => waiting);
waiting.then(() => t.print('fulfilled'), (error) => t.print(error.message));
setImmediate(() => t.print('immediate'));

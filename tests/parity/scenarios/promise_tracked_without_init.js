// rows: test-async-hooks-enable-before-promise-resolve.js
'use strict';
const { createHook } = require('async_hooks');
const t = require('../support/trace.js');

createHook({ after: () => t.print('after') }).enable();
Promise.resolve().then(() => t.where('then'));

// rows: test-async-wrap-promise-after-enabled.js
'use strict';
const t = require('../support/trace.js');

const seen = t.hook('', { events: ['init', 'before', 'after'] });
const promise = Promise.resolve();
promise.then(() => t.print('then'));
seen.enable();

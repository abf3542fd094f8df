// rows: test-async-hooks-enable-disable-enable.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { events: ['before', 'after'] });
hook.enable();
hook.disable();
hook.enable();
t.where('outside');
Promise.resolve().then(() => t.where('then'));

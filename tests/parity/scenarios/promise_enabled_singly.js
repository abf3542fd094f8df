// rows: test-async-hooks-promise-enable-disable.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { only: ['PROMISE'], events: ['init'] });
hook.enable();
Promise.resolve(1);
hook.disable();
Promise.resolve(2);
hook.enable();
Promise.resolve(3);
hook.disable();

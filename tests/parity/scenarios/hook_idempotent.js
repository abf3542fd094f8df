// rows: test-async-hooks-enable-disable.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('');
hook.enable().enable();
setImmediate(() => t.print('immediate'));
hook.disable().disable();
setImmediate(() => t.print('unseen'));

// rows: test-async-hooks-enabledhooksexits.js
'use strict';
const { createHook } = require('async_hooks');
const t = require('../support/trace.js');

// exception: Node counts callbacks, so that a hook without any is not missed
const settled = (text) => Promise.resolve().then(() => t.where(text));
const hook = createHook({}).enable();
settled('enabled');
hook.disable();
setImmediate(() => settled('disabled'));

// rows: test-no-assert-when-disabled.js
// flags: --no-force-async-hooks-checks --expose-internals
'use strict';
const ah = require('internal/async_hooks');
const t = require('../support/trace.js');

ah.emitInit(-1, null, -1);
ah.emitBefore(-1, -1);
ah.emitAfter(-1);
ah.emitDestroy(-1);
t.print('still here');

// rows: test-no-assert-when-disabled.js
// flags: --no-force-async-hooks-checks --expose-internals
'use strict';
const ah = require('internal/async_hooks');
const t = require('../support/trace.js');

t.start();
t.refused('init', () => ah.emitInit(-1, null, -1));
t.refused('before', () => ah.emitBefore(-1, -1));
t.where('inside');
t.refused('after', () => ah.emitAfter(-1));
t.refused('destroy', () => ah.emitDestroy(-1));
t.where('outside');

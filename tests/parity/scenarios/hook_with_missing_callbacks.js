// rows: test-async-hooks-constructor.js test-async-wrap-constructor.js
// Each callback may be missing.
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const words = ['init', 'before', 'after', 'destroy', 'resolve'];
for (const word of words) t.hook(word, { events: [word] }).enable();
const resource = new AsyncResource('R');
resource.runInAsyncScope(() => t.where('inside'));
resource.emitDestroy();

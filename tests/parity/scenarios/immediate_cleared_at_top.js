// rows: test-async-hooks-top-level-clearimmediate.js
'use strict';
const t = require('../support/trace.js');

t.start();
clearImmediate(setImmediate(() => t.print('never')));

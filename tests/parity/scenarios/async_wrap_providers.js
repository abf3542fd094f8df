// rows: test-async-wrap-providers.js
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

for (const [name, number] of Object.entries(ah.asyncWrapProviders)) {
  t.print(`${name} ${number}`);
}

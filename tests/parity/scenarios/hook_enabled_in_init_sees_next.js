// rows: test-async-hooks-enable-recursive.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

const nested = t.hook('nested', { events: ['init'] });
let first = true;
t.hook('outer', { events: ['init'], on() {
  nested.enable();
} }).enable();
fs.access('.', () => fs.access('.', () => {}));

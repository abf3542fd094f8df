// rows: test-enable-in-init.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

const inner = t.hook('inner', { events: ['init'] });
let nested = false;
t.hook('outer', { events: ['init'], on() {
  inner.enable();
  if (!nested) {
    nested = true;
    fs.access('.', () => {});
  }
} }).enable();
fs.access('.', () => {});

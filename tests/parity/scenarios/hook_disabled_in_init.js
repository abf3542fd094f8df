// rows: test-disable-in-init.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

const inner = t.hook('inner', { events: ['init'] });
let nested = false;
const outer = t.hook('outer', { events: ['init'], on() {
  inner.disable();
  if (!nested) {
    nested = true;
    fs.access('.', () => {});
  }
} });
outer.enable();
inner.enable();
fs.access('.', () => {});

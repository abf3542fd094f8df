// rows: test-fseventwrap.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

fs.writeFileSync('file', 'a');
t.start({ only: ['FSEVENTWRAP'] });
let changed = false;
const watcher = fs.watch('file', () => {
  if (changed) return;
  changed = true;
  t.where('change');
  watcher.close();
});
fs.writeFileSync('file', 'b');

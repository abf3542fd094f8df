// rows: test-statwatcher.js test-graph.statwatcher.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

fs.writeFileSync('one', 'a');
fs.writeFileSync('two', 'a');
t.start({ only: ['STATWATCHER'], events: ['init', 'before', 'after'] });
fs.watchFile('one', { interval: 20 }, () => {
  t.where('one changed');
  fs.unwatchFile('one');
  fs.writeFileSync('two', 'bb');
});
fs.watchFile('two', { interval: 20 }, () => {
  t.where('two changed');
  fs.unwatchFile('two');
});
setTimeout(() => fs.writeFileSync('one', 'bb'), 100);

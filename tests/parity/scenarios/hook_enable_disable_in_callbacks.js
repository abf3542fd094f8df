// rows: test-enable-disable.js
'use strict';
const t = require('../support/trace.js');

const h1 = t.hook('h1');
const h2 = t.hook('h2', { on(word) {
  if (word === 'before') h1.disable();
} });
let ends = 0;
const h3 = t.hook('h3', { on(word) {
  if (word === 'before') h2.enable();
  if (word === 'after' && ++ends === 2) h3.disable();
} });
h1.enable().enable();
h3.enable();
setImmediate(() => {
  t.print('first');
  setImmediate(() => t.print('second'));
});

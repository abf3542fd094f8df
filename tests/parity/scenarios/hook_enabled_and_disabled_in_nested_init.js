// rows: test-enable-in-init.js test-disable-in-init.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let depth = 0;
const late = t.hook('late');
const early = t.hook('early', { on(word) {
  if (word !== 'init' || depth === 3) return;
  depth++;
  late.enable();
  new AsyncResource(`DEPTH${depth}`);
  if (depth === 3) late.disable();
  if (depth === 3) late.enable();
} });
early.enable();
new AsyncResource('DEPTH0');
new AsyncResource('NEXT');

// rows: test-filehandle-no-reuse.js
'use strict';
const ah = require('async_hooks');
const fs = require('fs');
const t = require('../support/trace.js');

const resources = new Set();
t.hook('', {}).enable();
ah.createHook({ init(id, type, trigger, resource) {
  t.print(`new resource ${!resources.has(resource)}`);
  resources.add(resource);
} }).enable();
fs.access('.', () => fs.access('.', () => t.where('second')));

// rows: test-async-exec-resource-match.js
'use strict';
const ah = require('async_hooks');
const fs = require('fs');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const resources = new Map();
ah.createHook({
  init(id, type, trigger, resource) { resources.set(id, resource); },
  before: (id) => check('before', id),
  after: (id) => check('after', id),
}).enable();
function check(text, id) {
  const same = resources.get(id) === ah.executionAsyncResource();
  t.print(`${text} #${id} same ${same}`);
}
new AsyncResource('R').runInAsyncScope(
  () => check('scope', ah.executionAsyncId()));
fs.access('.', () => check('callback', ah.executionAsyncId()));

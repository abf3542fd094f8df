'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const e = t.hook('e', { events: ['before', 'after'] });
const f = t.hook('f', { events: ['before', 'after'] });
const d = t.hook('d', { events: ['before', 'after'], on(word) {
  if (word !== 'before') return;
  e.disable();
  f.enable();
} });
d.enable();
e.enable();
const resource = new AsyncResource('R');
resource.runInAsyncScope(() => t.print('callback'));
resource.runInAsyncScope(() => t.print('callback'));

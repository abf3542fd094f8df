// rows: test-asyncresource-bind.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const first = new AsyncResource('FIRST');
const bound = first.bind(() => t.where('called'));
const twice = AsyncResource.bind(bound, 'OUTER');
twice();
const second = new AsyncResource('SECOND');
second.bind(twice)();
second.runInAsyncScope(() => AsyncResource.bind(twice, 'INSIDE'))();
t.where('end');

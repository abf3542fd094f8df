// rows: test-embedder.api.async-resource-no-type.js test-async-hooks-asyncresource-constructor.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
t.refused('no type', () => new AsyncResource());
t.refused('empty type under an init hook', () => new AsyncResource(''));
t.refused('trigger -4', () => new AsyncResource('R', -4));
t.refused('trigger 2**53', () => new AsyncResource('R', 2 ** 53));
t.refused('trigger -1', () => new AsyncResource('R', -1));
t.refused('trigger 0', () => new AsyncResource('R', 0));

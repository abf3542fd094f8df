// rows: test-asyncresource-bind.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.refused('static', () => AsyncResource.bind(null));
t.refused('instance', () => new AsyncResource('R').bind(null));

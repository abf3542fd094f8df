// rows: test-asyncresource-bind.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const resource = new AsyncResource('R');
const bound = resource.bind(() => t.where('called'));
bound();
bound();
t.print(`resource #${resource.asyncId()}`);

'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
new AsyncResource('R').emitDestroy();
t.print('nothing else is left');

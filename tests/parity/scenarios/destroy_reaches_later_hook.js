'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const early = t.hook('early', { events: ['destroy'] });
const late = t.hook('late', { events: ['destroy'] });
early.enable();
new AsyncResource('R').emitDestroy();
early.disable();
late.enable();
setImmediate(() => t.print('immediate'));

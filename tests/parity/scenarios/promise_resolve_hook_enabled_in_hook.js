// rows: test-async-hooks-enable-before-promise-resolve.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

// exception: Node asks the hooks of before the event whether one wants it
const resolving = t.hook('resolving', { events: ['resolve'] });
const hook = t.hook('', { events: ['init'], only: ['ENABLES'],
  on: () => resolving.enable() });

hook.enable();
new AsyncResource('ENABLES');
Promise.resolve();

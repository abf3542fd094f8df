// rows: test-promise.promise-before-init-hooks.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

let reject;
new Promise((resolve, r) => { reject = r; });
process.on('unhandledRejection', () => t.where('unhandled'));
t.hook('', { events: ['init', 'before', 'after'] }).enable();
new AsyncResource('REJECTER').runInAsyncScope(() => reject('reason'));

// rows: test-async-hooks-disable-during-promise.js
'use strict';
const t = require('../support/trace.js');

const hook = t.hook('', { events: ['init', 'before', 'after'] }).enable();
const late = Promise.withResolvers();
late.promise.then(() => t.where('late'));
Promise.resolve().then(() => t.where('queued before'));
hook.disable();
Promise.resolve().then(() => t.where('queued behind'));
setImmediate(() => late.resolve());

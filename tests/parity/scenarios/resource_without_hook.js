// rows: test-embedder.api.async-resource.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const hook = t.hook('');
hook.enable();
const seen = new AsyncResource('seen');
hook.disable();
seen.emitDestroy();
const unseen = new AsyncResource('unseen');
unseen.emitDestroy();
setImmediate(() => t.print('nothing was destroyed'));

// rows: test-embedder.api.async-resource.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const defaulted = new AsyncResource('defaulted');
t.print(`id #${defaulted.asyncId()} trigger #${defaulted.triggerAsyncId()}`);
const explicit = new AsyncResource('explicit', { triggerAsyncId: 111 });
t.print(`id #${explicit.asyncId()} trigger #${explicit.triggerAsyncId()}`);
explicit.runInAsyncScope(() => t.where('once'));
explicit.runInAsyncScope(() => t.where('twice'));
explicit.emitDestroy();
defaulted.emitDestroy();
t.print('emitted');
setImmediate(() => t.print('done'));

'use strict';
const { AsyncLocalStorage: ALS, AsyncResource,
        createHook } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
let first = true;
createHook({
  destroy() {
    t.store('destroy', storage);
    if (!first) return;
    first = false;
    storage.enterWith('of the hook');
    new AsyncResource('R').emitDestroy();
    process.nextTick(() => t.store('tick of the hook', storage));
    Promise.resolve().then(() => t.store('then of the hook', storage));
    setImmediate(() => t.store('immediate of the hook', storage));
    storage.run('run', () => Promise.reject('reason'));
  },
}).enable();
process.on('unhandledRejection', () => t.store('unhandled', storage));
setImmediate(() => t.store('first immediate', storage));
storage.run('maker', () => new AsyncResource('R').emitDestroy());

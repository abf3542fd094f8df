// without: the destroy of promises, which is the garbage collector's
'use strict';
const { createHook, executionAsyncId,
        executionAsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const made = new Map();
createHook({
  init(id, type, trigger, resource) { made.set(id, resource); },
}).enable();
const show = (text) => {
  const resource = made.get(executionAsyncId());
  t.print(`${text} ${resource === executionAsyncResource()}`);
};
process.on('uncaughtException', (error) => show(`uncaught ${error}`));
process.on('unhandledRejection', (reason) => show(`unhandled ${reason}`));
process.nextTick(() => show('tick'));
process.nextTick(() => { throw 'in the tick'; });
queueMicrotask(() => show('microtask'));
Promise.resolve().then(() => show('then')).finally(() => show('finally'));
Promise.reject('reason');
setImmediate(() => { throw 'in the immediate'; });
setTimeout(() => { throw 'in the timeout'; }, 1);
for (const due = Date.now() + 4; Date.now() < due;) continue;

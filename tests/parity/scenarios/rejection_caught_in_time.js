// rows: test-unhandled-rejection-context.js
'use strict';
const t = require('../support/trace.js');

process.on('unhandledRejection', (error) => {
  t.print(`unhandled ${error.message}`);
});
const by = { tick: process.nextTick, microtask: queueMicrotask,
  immediate: setImmediate };
for (const [name, defer] of Object.entries(by)) {
  const promise = Promise.reject(new Error(name));
  defer(() => promise.catch((error) => t.print(`caught ${error.message}`)));
}

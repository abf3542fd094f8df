// rows: test-async-hooks-correctly-switch-promise-hook.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const events = ['init', 'before', 'after'];
const older = [1, 2, 3].map(() => Promise.withResolvers());
const resolving = t.hook('resolving', { events: [...events, 'resolve'] });
const other = t.hook('other', { events });
process.on('unhandledRejection', (reason) => t.where(`unhandled ${reason}`));

function reject(i) {
  new AsyncResource('REJECTER').runInAsyncScope(() => {
    older[i].reject(`reason ${i}`);
  });
}

resolving.enable();
other.enable();
resolving.disable();
reject(0); // takes an id: the engine was told of promiseResolve
setImmediate(() => {
  other.disable();
  other.enable();
  reject(1); // does not
  setImmediate(() => {
    resolving.enable();
    other.disable();
    reject(2);
  });
});

// rows: addons/async-resource
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

function inside(resource) {
  t.where('inside');
  t.print(`its resource ${ah.executionAsyncResource() === resource}`);
}

t.start();
const made = [new ah.AsyncResource('foobar'),
              new ah.AsyncResource('foobar', { triggerAsyncId: 12345 })];
for (const resource of made) {
  t.print(`id #${resource.asyncId()} trigger #${resource.triggerAsyncId()}`);
  resource.runInAsyncScope(inside, null, resource);
  try {
    resource.runInAsyncScope(() => { throw new Error('inside'); });
  } catch (error) {
    t.print(`caught ${error.message}`);
  }
  t.where('outside');
}
setImmediate(() => {
  made[1].emitDestroy();
  made[0].emitDestroy();
  t.print('ended');
});

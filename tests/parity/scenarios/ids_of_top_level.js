// rows: addons/async-hooks-id
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.where('root');
const a = new AsyncResource('A');
t.print(`a #${a.asyncId()} trigger #${a.triggerAsyncId()}`);
const b = new AsyncResource('B', { triggerAsyncId: -1 });
b.runInAsyncScope(() => t.where('in b'));
const c = new AsyncResource('C', 0);
c.runInAsyncScope(() => t.where('in c'));
t.where('root again');
process.nextTick(() => t.where('tick'));
setImmediate(() => t.where('immediate'));

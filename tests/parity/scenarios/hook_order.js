'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const [a, b, c] = ['a', 'b', 'c'].map((name) => t.hook(name));
b.enable();
a.enable();
c.enable();
const resource = new AsyncResource('R');
resource.runInAsyncScope(() => t.print('callback'));
b.disable();
b.enable();
t.print('b is the last now');
resource.runInAsyncScope(() => t.print('callback'));

'use strict';
const t = require('../support/trace.js');

t.start();
const unref = setImmediate(() => t.print('never'));
unref.unref();
t.print(`ref ${unref.hasRef()}`);
unref.ref();
t.print(`ref ${unref.hasRef()}`);
clearImmediate(unref);

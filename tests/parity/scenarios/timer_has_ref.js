// rows: test-handle-wrap-hasref.js
'use strict';
const t = require('../support/trace.js');

const timer = setTimeout(() => t.print('never'), 5000);
t.print(`made ${timer.hasRef()}`);
timer.unref();
t.print(`unref ${timer.hasRef()}`);
timer.ref();
t.print(`ref ${timer.hasRef()}`);
timer.unref();

// rows: test-handle-wrap-hasref.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

const server = h.tcpListen(() => {});
t.print(`made ${server.hasRef()}`);
server.unref();
t.print(`unref ${server.hasRef()}`);
server.ref();
t.print(`ref ${server.hasRef()}`);
server.close(() => t.print('closed'));

// rows: test-tcpwrap.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start();
const server = h.tcpListen(() => {});
t.print('listening');
server.close(() => t.where('closed'));

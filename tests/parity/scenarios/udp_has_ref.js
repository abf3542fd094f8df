// rows: test-handle-wrap-hasref.js
'use strict';
const t = require('../support/trace.js');

const { UDP } = process.binding('udp_wrap');
const socket = new UDP();
socket.bind('127.0.0.1', 0, 0);
t.print(`made ${socket.hasRef()}`);
socket.unref();
t.print(`unref ${socket.hasRef()}`);
socket.ref();
t.print(`ref ${socket.hasRef()}`);
socket.close(() => t.print('closed'));

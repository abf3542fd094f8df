// rows: test-udpwrap.js
'use strict';
const t = require('../support/trace.js');

const { UDP } = process.binding('udp_wrap');
t.start();
const socket = new UDP();
t.print('made');
socket.close();

// rows: test-udpwrap.js
'use strict';
const t = require('../support/trace.js');

const { UDP, SendWrap } = process.binding('udp_wrap');
t.start();
const socket = new UDP();
socket.bind('127.0.0.1', 0, 0);
socket.onmessage = (count) => {
  t.where(`message ${count}`);
  socket.close(() => t.where('closed'));
};
socket.recvStart();
const address = {};
socket.getsockname(address);
const request = new SendWrap();
request.oncomplete = () => t.print('not reached');
const sent = socket.send(request, [Buffer.from('hello')], 1, address.port,
                         '127.0.0.1', true);
t.print(`sent at once ${sent > 0}`);
process.nextTick(() => t.where('sent'));

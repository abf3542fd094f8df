// rows: test-udpsendwrap.js
// flags: --test-udp-no-try-send
'use strict';
const t = require('../support/trace.js');

const { UDP, SendWrap } = process.binding('udp_wrap');
t.start();
const socket = new UDP();
socket.bind('127.0.0.1', 0, 0);
const address = {};
socket.getsockname(address);
const request = new SendWrap();
request.oncomplete = () => {
  t.where('sent');
  socket.close();
};
socket.send(request, [Buffer.from('hello')], 1, address.port, '127.0.0.1',
            true);
t.print('send returned');

'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { UDP, SendWrap } = process.binding('udp_wrap');
const t = require('../support/trace.js');

const storage = new ALS();
const bound = (store) => storage.run(store, () => {
  const socket = new UDP();
  socket.bind('127.0.0.1', 0, 0);
  return socket;
});
t.start();
const receiver = bound('receiver'), sender = bound('sender');
receiver.onmessage = () => {
  t.where('message');
  t.store('message', storage);
  storage.run('closer', () => receiver.close(() => t.store('closed', storage)));
};
receiver.recvStart();
const address = {};
receiver.getsockname(address);
sender.send(new SendWrap(), [Buffer.from('hello')], 1, address.port,
            '127.0.0.1', false);
sender.close(() => t.store('sender closed', storage));

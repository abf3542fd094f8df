// rows: test-async-local-storage-dgram.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const { UDP, SendWrap } = process.binding('udp_wrap');
const storage = new ALS();
const server = new UDP();
server.bind('127.0.0.1', 0, 0);
const address = {};
server.getsockname(address);
server.onmessage = () => {
  t.store('server', storage);
  server.close();
};
server.recvStart();
storage.run('client', () => {
  const client = new UDP();
  client.bind('127.0.0.1', 0, 0);
  client.onmessage = () => {
    t.store('client', storage);
    client.send(new SendWrap(), [Buffer.from('there')], 1, address.port,
                '127.0.0.1', false);
    client.close();
  };
  client.recvStart();
  const own = {};
  client.getsockname(own);
  client.send(new SendWrap(), [Buffer.from('here')], 1, own.port, '127.0.0.1',
              false);
});

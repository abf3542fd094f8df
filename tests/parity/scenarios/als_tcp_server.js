'use strict';
const net = require('net');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const server = storage.run('listener', () => net.createServer((accepted) => {
  t.store('connection', storage);
  accepted.on('data', () => {
    t.store('data of the accepted', storage);
    accepted.destroy();
    server.close();
  });
}).listen(0, '127.0.0.1'));
server.on('listening', () => {
  net.connect(server.address().port, '127.0.0.1').end('hello');
});

'use strict';
const net = require('net');
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
let count = 0;
const server = http.createServer((request, response) => {
  t.store(`${request.url} begins`, storage);
  storage.enterWith(request.url);
  t.store(`${request.url} entered`, storage);
  response.end('hello');
}).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  const get = () => client.write(`GET /${++count} HTTP/1.1\r\nHost: a\r\n\r\n`);
  get();
  client.on('data', () => {
    if (count < 2) {
      get();
    } else {
      client.destroy();
      server.close();
      server.closeAllConnections();
    }
  });
});

// The store is set by the handler; later events of the request come from the
// connection.
'use strict';
const net = require('net');
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const server = http.createServer((request, response) => {
  setImmediate(() => client.write('body'));
  storage.run('/one', () => {
    t.store('handler', storage);
    request.on('data', () => t.store('data', storage));
    request.on('end', () => {
      t.store('end', storage);
      response.end('hello');
    });
    response.on('finish', () => t.store('finish', storage));
  });
  server.close();
}).listen(0, '127.0.0.1', () => {
  client = net.connect(server.address().port, '127.0.0.1');
  client.write('POST /one HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' +
               'Content-Length: 4\r\n\r\n');
  client.resume();
});
let client;

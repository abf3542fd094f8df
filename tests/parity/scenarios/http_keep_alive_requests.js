// rows: test-httpparser.request.js test-httpparser-reuse.js
'use strict';
const ah = require('async_hooks');
const net = require('net');
const http = require('http');
const t = require('../support/trace.js');

t.start({ only: ['HTTPINCOMINGMESSAGE'], events: ['init', 'destroy'] });
let count = 0;
const server = http.createServer((request, response) => {
  t.print(`request ${request.url} eid=#${ah.executionAsyncId()}`);
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

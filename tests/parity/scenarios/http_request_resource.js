// rows: test-httpparser.request.js
'use strict';
const net = require('net');
const http = require('http');
const t = require('../support/trace.js');

t.start({ only: ['HTTPINCOMINGMESSAGE'] });
const server = http.createServer((request, response) => {
  t.where('request');
  request.resume();
  request.on('end', () => t.print('end'));
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  client.resume();
});

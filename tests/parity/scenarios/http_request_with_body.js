// rows: test-httpparser.request.js
'use strict';
const net = require('net');
const http = require('http');
const t = require('../support/trace.js');

t.start({ only: ['HTTPINCOMINGMESSAGE'] });
const server = http.createServer((request, response) => {
  t.where('request');
  request.on('data', () => t.print('data'));
  request.on('end', () => response.end('hello'));
  server.close();
}).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.end('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' +
             'Content-Length: 4\r\n\r\nbody');
  client.resume();
});

'use strict';
const http = require('http');
const net = require('net');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\n' +
  'Content-Length: 5\r\n\r\nhello';
const storage = new ALS();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
t.start({ only: ['HTTPCLIENTREQUEST', 'QueuedRequest'], events: ['init'] });
const server = net.createServer((socket) => {
  socket.once('data', () => socket.end(answer));
}).listen(0, '127.0.0.1', () => {
  let left = 3;
  const options = { port: server.address().port, host: '127.0.0.1', agent };
  const get = (name) => storage.run(name, () => {
    http.get(options, (response) => {
      t.store(`response of ${name}`, storage);
      response.resume();
      response.on('end', () => {
        t.store(`end of ${name}`, storage);
        if (--left === 0) server.close();
      });
    });
  });
  ['first', 'second', 'third'].forEach(get);
});

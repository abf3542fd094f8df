// rows: test-http-agent-handle-reuse-serial.js test-async-hooks-http-agent.js test-async-hooks-http-agent-destroy.js
// flags: --expose-internals
'use strict';
const http = require('http');
const t = require('../support/trace.js');

const { async_id_symbol: asyncId } =
  require('internal/async_hooks').symbols;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
t.start({
  only: ['TCPWRAP', 'HTTPCLIENTREQUEST'], events: ['init', 'destroy'],
});
const server = http.createServer((request, response) => {
  response.end('hello');
}).listen(0, '127.0.0.1', () => {
  const get = (done) => http.get({
    port: server.address().port, host: '127.0.0.1', agent,
  }, (response) => {
    const socket = response.socket;
    const before = socket[asyncId];
    t.print(`response on #${before}`);
    response.resume();
    response.on('end', () => setImmediate(() => done(socket, before)));
  });
  get((socket, first) => {
    t.print(`free ${socket[asyncId]}`);
    get((same, second) => {
      t.stop();
      t.print(`the same socket ${same === socket}`);
      t.print(`a new id ${second > first}`);
      agent.destroy();
      server.close();
    });
  });
});

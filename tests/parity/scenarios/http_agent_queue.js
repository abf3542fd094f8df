// rows: test-http-agent-handle-reuse-parallel.js
'use strict';
const http = require('http');
const t = require('../support/trace.js');

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
t.start({ only: ['HTTPCLIENTREQUEST', 'QueuedRequest'], events: ['init'] });
const server = http.createServer((request, response) => {
  response.end('hello');
}).listen(0, '127.0.0.1', () => {
  let left = 2;
  const options = { port: server.address().port, host: '127.0.0.1', agent };
  const get = (name) => http.get(options, (response) => {
    t.print(`response ${name}`);
    response.resume();
    response.on('end', () => {
      if (--left === 0) {
        agent.destroy();
        server.close();
      }
    });
  });
  get('first');
  get('second');
});

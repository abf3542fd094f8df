// rows: test-http-agent-handle-reuse-serial.js test-http-agent-handle-reuse-parallel.js test-async-hooks-http-agent-destroy.js
'use strict';
const http = require('http');
const t = require('../support/trace.js');

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
t.hook('queue', { only: ['QueuedRequest'], events: ['init'] }).enable();
const server = http.createServer((request, response) => {
  response.end('hello');
}).listen(0, '127.0.0.1', () => {
  const options = { port: server.address().port, host: '127.0.0.1', agent };
  const hook = t.hook('socket', {
    only: ['TCPWRAP', 'HTTPCLIENTREQUEST'], events: ['init', 'destroy'],
  });
  const get = (name, done) => http.get(options, (response) => {
    t.where(name);
    response.resume();
    response.on('end', () => setImmediate(done));
  });
  hook.enable();
  get('opens', () => t.print('opened'));
  get('waits', () => {
    t.print('waited');
    get('reuses', () => {
      hook.disable();
      agent.destroy();
      server.close();
    });
  });
});

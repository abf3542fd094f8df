// rows: test-graph.http.js
'use strict';
const ah = require('async_hooks');
const http = require('http');
const t = require('../support/trace.js');

const types = new Map([[0, 'none'], [1, 'root']]);
ah.createHook({ init(id, type, trigger) {
  const cause = types.get(trigger);
  types.set(id, type === 'TickObject' ? cause : type);
  if (type.startsWith('HTTP') || type.startsWith('TCP')) {
    t.print(`${type} by ${cause}`);
  }
} }).enable();
const server = http.createServer((request, response) => {
  request.resume();
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
           (response) => response.resume());
});

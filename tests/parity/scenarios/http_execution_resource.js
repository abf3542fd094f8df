// rows: test-async-exec-resource-http.js test-async-exec-resource-http-32060.js test-async-exec-resource-http-agent.js
'use strict';
const ah = require('async_hooks');
const http = require('http');
const t = require('../support/trace.js');

const resources = new Map();
ah.createHook({ init(id, type, trigger, resource) {
  resources.set(id, resource);
} }).enable();
const check = (text) => t.print(`${text} ` +
  (resources.get(ah.executionAsyncId()) === ah.executionAsyncResource()));
const server = http.createServer((request, response) => {
  check('request');
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  check('listening');
  const agent = new http.Agent({ maxSockets: 1 });
  http.get({ port: server.address().port, host: '127.0.0.1', agent },
           (response) => {
    check('response');
    response.on('data', () => check('data'));
    response.on('end', () => check('end'));
  });
});

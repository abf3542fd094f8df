// rows: test-http-uncaught-from-request-callback.js
'use strict';
const ah = require('async_hooks');
const http = require('http');
const t = require('../support/trace.js');

ah.createHook({ after() {} }).enable();
process.on('uncaughtException', (error) => t.print(error.message));
const server = http.createServer((request, response) => {
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
           (response) => {
    response.resume();
    throw new Error('in the response');
  });
});

// rows: test-async-local-storage-http.js
'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const server = http.createServer((request, response) => {
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  storage.run('asker', () => {
    http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
             (response) => {
      t.store('response', storage);
      response.on('data', () => t.store('data', storage));
      response.on('end', () => t.store('end', storage));
    });
  });
});

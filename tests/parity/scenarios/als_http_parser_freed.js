// rows: test-async-local-storage-http-parser-leak.js
// flags: --expose-gc
'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const registry = new FinalizationRegistry(() => t.print('released'));
const server = http.createServer((request, response) => {
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  (() => {
    const store = {};
    registry.register(store);
    storage.run(store, () => {
      http.get({ port: server.address().port, host: '127.0.0.1',
                 agent: false }, (response) => response.resume());
    });
  })();
});
server.on('close', () => setTimeout(() => {
  globalThis.gc();
  setTimeout(() => t.print('end'), 50);
}, 50));

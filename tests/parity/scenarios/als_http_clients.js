// rows: test-async-local-storage-http-multiclients.js
'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const BYTES = 256 * 1024;
let left = 10;
let mixed = 0;
const server = http.createServer((request, response) => {
  const store = { name: request.url, bytes: 0 };
  storage.run(store, () => {
    request.on('data', AsyncResource.bind((chunk) => {
      storage.getStore().bytes += chunk.length;
    }));
    request.on('end', AsyncResource.bind(() => {
      if (store.bytes !== BYTES) mixed++;
      response.end();
    }));
  });
}).listen(0, '127.0.0.1', () => {
  for (let i = 0; i < 10; i++) {
    http.request({ port: server.address().port, host: '127.0.0.1',
                   method: 'POST', path: `/${i}`, agent: false },
                 (response) => {
      response.resume();
      response.on('end', () => {
        if (--left === 0) {
          t.print(`mixed ${mixed}`);
          server.close();
        }
      });
    }).end('x'.repeat(BYTES));
  }
});

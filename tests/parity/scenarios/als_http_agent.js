// rows: test-async-local-storage-http-agent.js test-async-local-storage-http-agent.js(parallel)
'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const server = http.createServer((request, response) => {
  response.end('hello');
}).listen(0, '127.0.0.1', () => {
  let left = 3;
  const options = { port: server.address().port, host: '127.0.0.1', agent };
  for (const name of ['first', 'second', 'third']) {
    storage.run(name, () => http.get(options, (response) => {
      t.store(`response ${name}`, storage);
      response.on('data', () => t.store(`data ${name}`, storage));
      response.on('end', () => {
        t.store(`end ${name}`, storage);
        if (--left === 0) {
          agent.destroy();
          server.close();
        }
      });
    }));
  }
});

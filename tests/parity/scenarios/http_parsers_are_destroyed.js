// rows: test-async-hooks-http-parser-destroy.js
'use strict';
const ah = require('async_hooks');
const http = require('http');
const t = require('../support/trace.js');

const made = new Map();
let destroyed = 0;
let twice = 0;
ah.createHook({
  init(id, type) {
    if (type.startsWith('HTTP')) made.set(id, type);
  },
  destroy(id) {
    if (!made.has(id)) return;
    if (made.get(id) === 'gone') twice++;
    made.set(id, 'gone');
    destroyed++;
  },
}).enable();
let left = 50;
const server = http.createServer((request, response) => {
  response.end('hello');
}).listen(0, '127.0.0.1', () => get());
function get() {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
           (response) => {
    response.resume();
    response.on('end', () => {
      if (--left > 0) return get();
      server.close(() => setTimeout(() => {
        t.print(`made ${made.size} destroyed ${destroyed} twice ${twice}`);
      }, 50));
    });
  });
}

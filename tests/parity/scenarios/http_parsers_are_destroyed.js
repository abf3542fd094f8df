// rows: test-async-hooks-http-parser-destroy.js test-httpparser-reuse.js
'use strict';
const ah = require('async_hooks');
const http = require('http');
const t = require('../support/trace.js');

const made = new Map();
const counts = {
  HTTPINCOMINGMESSAGE: { made: 0, destroyed: 0 },
  HTTPCLIENTREQUEST: { made: 0, destroyed: 0 },
};
let twice = 0;
ah.createHook({
  init(id, type) {
    if (!counts[type]) return;
    if (made.has(id)) twice++;
    made.set(id, type);
    counts[type].made++;
  },
  destroy(id) {
    if (!made.has(id)) return;
    const type = made.get(id);
    if (type === 'gone') {
      twice++;
    } else {
      counts[type].destroyed++;
    }
    made.set(id, 'gone');
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
        for (const [type, count] of Object.entries(counts)) {
          t.print(`${type} made ${count.made} destroyed ${count.destroyed}`);
        }
        t.print(`twice ${twice}`);
      }, 50));
    });
  });
}

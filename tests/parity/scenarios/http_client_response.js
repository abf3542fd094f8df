// rows: test-httpparser.response.js test-graph.http.js
'use strict';
const http = require('http');
const t = require('../support/trace.js');

t.start({ only: ['HTTPCLIENTREQUEST'] });
const server = http.createServer((request, response) => {
  response.end('hello');
  server.close();
}).listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
           (response) => {
    t.where('response');
    response.on('data', () => t.print('data'));
    response.on('end', () => t.print('end'));
  });
});

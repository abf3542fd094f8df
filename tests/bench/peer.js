// Node doing what the server does. usage: node peer.js CARRIER, with
//   plain     no store but for what a callback is given by hand
//   als       an AsyncLocalStorage for each request, read in its callbacks
//   hooks     the same, and four hooks that are called and do nothing
//   resource, destroy
//             a property of the executing resource, and a Map of ids, instead:
//             with als the three of Node's benchmark async-resource-vs-destroy
'use strict';
const http = require('node:http');
const { executionAsyncId, triggerAsyncId } = require('node:async_hooks');
const { readFile } = require('node:fs');
const path = require('node:path');
const querystring = require('node:querystring');
const carriers = require('./peer_carriers.js');
const Pool = require('./peer_pool.js');

const carrier = carriers[process.argv[2]]();
let pool; // made for the first sum
let requests = 0;

const json = (response, value) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(`${JSON.stringify(value)}\n`);
};

const failed = (response, error) => {
  response.statusCode = 503;
  response.end(`${error.message}\n`);
};

const record = (store, hop) => store.hops.push(
  { hop, thread: 1, asyncId: executionAsyncId(),
    triggerAsyncId: triggerAsyncId(), executionAsyncId: executionAsyncId(),
    requestId: `r${store.id}` });

const parameters = (own) =>
  querystring.parse(own.url.slice(own.url.indexOf('?') + 1));

const hello = (response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end('hello\n');
};

const add = ({ a, b }, done) => {
  pool ??= new Pool(4);
  pool.run({ a: Number(a), b: Number(b) }, done);
};

const answerHops = (response, own) => {
  record(carrier.get(own), 'answer');
  json(response, carrier.get(own).hops);
};

// Timer, file, JSON: the benchmark's handler. With something to add the pool
// comes behind the file.
const flow = (response, own) => {
  const query = parameters(own);
  record(carrier.get(own), 'request');
  setTimeout(() => {
    record(carrier.get(own), 'timer');
    readFile(path.join(__dirname, query.path), (error) => {
      if (error)
        return failed(response, error);
      record(carrier.get(own), 'file');
      if (query.a === undefined)
        return answerHops(response, own);
      add(query, () => {
        record(carrier.get(own), 'pool');
        answerHops(response, own);
      });
    });
  }, Number(query.ms));
};

const sum = (response, own) => {
  const query = parameters(own);
  add(query, (result) => json(response, {
    a: Number(query.a), b: Number(query.b), sum: result,
    requestId: `r${carrier.get(own).id}`,
  }));
};

const routes = { '/hello': hello, '/flow': flow, '/sum': sum };

const server = http.createServer((request, response) => {
  const own = { id: ++requests, url: request.url, hops: [] };
  carrier.run(own, () => {
    response.setHeader('X-Request-Id', `r${carrier.get(own).id}`);
    routes[request.url.split('?', 1)[0]](response, own);
  });
});
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`));

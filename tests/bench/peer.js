// Node doing what the server does. usage: node peer.js plain|als|hooks
//   als    a store for each request, read in its handler
//   hooks  the same, and four hooks that are called and do nothing
'use strict';
const http = require('node:http');
const { AsyncLocalStorage, createHook } = require('node:async_hooks');

const mode = process.argv[2];
const storage = new AsyncLocalStorage();
let requests = 0;

const answer = (response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end('hello\n');
};
const tracked = (request, response) =>
  storage.run({ id: ++requests, url: request.url }, () => {
    response.setHeader('X-Request-Id', `r${storage.getStore().id}`);
    answer(response);
  });

if (mode === 'hooks')
  createHook({ init() {}, before() {}, after() {}, destroy() {} }).enable();
const server = http.createServer(
  mode === 'plain' ? (request, response) => answer(response) : tracked);
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`));

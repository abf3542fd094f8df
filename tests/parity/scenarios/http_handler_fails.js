'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => {
  t.where(text);
  t.store(text, storage);
};
process.on('uncaughtException', (error) => show(`uncaught ${error}`));
const server = http.createServer((request, response) => {
  show('request');
  storage.enterWith('entered');
  process.nextTick(() => show('tick'));
  response.end('hello');
  server.close();
  throw 'failed';
}).listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false },
           (response) => response.resume());
});

'use strict';
const http = require('http');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (name) => storage.run(name, () => {
  http.get({ port: 1, host: '127.0.0.1', agent })
    .on('error', (error) => t.store(`${name} ${error.code}`, storage))
    .on('close', () => t.store(`${name} closed`, storage));
});
get('first');
get('second');
get('third');
t.store('outside', storage);

// rows: test-async-local-storage-socket.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const h = require('../support/handles.js');
const t = require('../support/trace.js');

const storage = new ALS();
const server = h.tcpListen((accepted) => {
  t.store('connection', storage);
  h.write(accepted, 'hello', () => accepted.close());
  server.close();
});
storage.run('client', () => {
  h.tcpConnect(server.port, (client) => {
    t.store('connected', storage);
    h.read(client, (stream, count) => {
      t.store(count > 0 ? 'data' : 'end', storage);
      if (count < 0) stream.close(() => t.store('closed', storage));
    });
  });
});

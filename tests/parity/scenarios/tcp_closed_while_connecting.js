'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

const server = h.tcpListen((connection) => connection.close());
t.start({ only: ['TCPCONNECTWRAP'] });
const client = h.tcpConnect(server.port, (stream, status) => {
  t.where(`connected ${status === 0}`);
  process.nextTick(() => t.where('tick'));
});
client.close(() => {
  t.where('closed');
  server.close();
});
setImmediate(() => t.where('immediate'));

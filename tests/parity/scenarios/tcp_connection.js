// rows: test-tcpwrap.js test-graph.tcp.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ without: ['TCPSERVERWRAP'] });
const server = h.tcpListen((accepted) => {
  t.print('accepted');
  accepted.close(() => t.where('accepted closed'));
  server.close();
});
h.tcpConnect(server.port, (client, status) => {
  t.where(`connected ${status}`);
  client.close(() => t.where('client closed'));
});

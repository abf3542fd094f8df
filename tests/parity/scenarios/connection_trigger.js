// rows: test-tcpwrap.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ only: ['TCPSERVERWRAP', 'TCPWRAP'] });
const server = h.tcpListen((accepted) => {
  t.where('connection');
  accepted.close();
  server.close();
});
h.tcpConnect(server.port, (client) => client.close());

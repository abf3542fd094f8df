// rows: test-writewrap.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ only: ['WRITEWRAP', 'TCPWRAP'], events: ['init'] });
const server = h.tcpListen((accepted) => {
  h.read(accepted, (stream, count) => {
    if (count < 0) stream.close();
  });
  server.close();
});
h.tcpConnect(server.port, (client) => {
  h.write(client, 'x'.repeat(16 * 1024 * 1024), () => {
    t.where('written');
    client.close();
  });
  t.print('write returned');
});

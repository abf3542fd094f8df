// rows: test-shutdownwrap.js test-graph.shutdown.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ without: ['TCPSERVERWRAP'] });
const server = h.tcpListen((accepted) => {
  h.read(accepted, (stream, count) => {
    t.where(`server read ${count > 0 ? count : 'end'}`);
    stream.close();
  });
  server.close();
});
h.tcpConnect(server.port, (client) => {
  h.shutdown(client, () => {
    t.where('shut down');
    client.close();
  });
  t.print('shutdown returned');
});

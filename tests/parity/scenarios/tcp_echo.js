// rows: test-tcpwrap.js test-writewrap.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ without: ['Immediate', 'TCPSERVERWRAP'] });
const server = h.tcpListen((accepted) => {
  h.read(accepted, (stream, count) => {
    t.where(`server read ${count > 0 ? count : 'end'}`);
    if (count < 0) stream.close();
  });
  server.close();
});
h.tcpConnect(server.port, (client) => {
  h.write(client, 'hello', () => {
    t.where('written');
    setImmediate(() => client.close());
  });
  t.print('write returned');
});

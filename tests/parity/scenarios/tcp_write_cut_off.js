'use strict';
const { WriteWrap } = process.binding('stream_wrap');
const h = require('../support/handles.js');
const t = require('../support/trace.js');

let accepted;
const server = h.tcpListen((connection) => { accepted = connection; });
h.tcpConnect(server.port, (client) => {
  t.start({ only: ['WRITEWRAP', 'SHUTDOWNWRAP', 'TCPWRAP'],
            events: ['init', 'before', 'after'] });
  const request = new WriteWrap();
  request.oncomplete = () => t.where('written');
  client.writeBuffer(request, Buffer.alloc(32 << 20));
  h.shutdown(client, () => t.where('shut down'));
  client.close(() => t.where('closed'));
  setImmediate(() => {
    t.where('immediate');
    accepted?.close();
    server.close();
  });
});

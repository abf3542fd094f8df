// rows: test-process-getactiveresources-track-active-handles.js test-process-getactivehandles.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
let accepted;
const server = h.tcpListen((connection) => {
  accepted = connection;
});
show('server');
h.tcpConnect(server.port, (client) => {
  setImmediate(() => {
    show('connected');
    server.unref();
    show('server unref');
    accepted.close();
    client.close();
    server.close();
    setTimeout(() => show('closed'), 20);
  });
});
show('connecting');

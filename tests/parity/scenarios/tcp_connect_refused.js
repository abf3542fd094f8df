// rows: test-async-wrap-getasyncid.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start();
h.tcpConnect(1, (client, status) => {
  t.where(`refused ${status < 0}`);
  client.close(() => t.where('closed'));
});

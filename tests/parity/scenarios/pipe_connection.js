// rows: test-pipeconnectwrap.js test-graph.pipeconnect.js
// flags: --expose-internals
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ without: ['PIPESERVERWRAP'] });
const server = h.pipeListen('socket', (accepted) => {
  t.print('accepted');
  accepted.close(() => t.where('accepted closed'));
  server.close();
});
h.pipeConnect('socket', (client, status) => {
  t.where(`connected ${status}`);
  client.close(() => t.where('client closed'));
});

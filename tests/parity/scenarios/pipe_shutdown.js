// rows: test-graph.pipeconnect.js
// flags: --expose-internals
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start({ without: ['PIPESERVERWRAP'] });
const server = h.pipeListen('socket', (accepted) => {
  h.read(accepted, (stream, count) => {
    t.where(`server read ${count > 0 ? count : 'end'}`);
    stream.close();
  });
  server.close();
});
h.pipeConnect('socket', (client) => {
  h.shutdown(client, () => {
    t.where('shut down');
    client.close();
  });
});

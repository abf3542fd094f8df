// rows: test-pipeconnectwrap.js
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

t.start();
const server = h.pipeListen('socket', () => {});
t.print('listening');
server.close(() => t.where('closed'));

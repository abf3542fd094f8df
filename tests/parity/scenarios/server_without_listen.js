// rows: test-net-get-connections.js
'use strict';
const net = require('net');
const t = require('../support/trace.js');

t.start();
const server = net.createServer();
server.getConnections((error, count) => t.where(`connections ${count}`));

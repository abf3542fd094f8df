// rows: test-async-wrap-getasyncid.js
// A handle made but not used yet, a request made but not dispatched.
'use strict';
const h = require('../support/handles.js');
const t = require('../support/trace.js');

const { TCP, TCPConnectWrap, constants } = process.binding('tcp_wrap');
const server = h.tcpListen(() => {});
t.print(`server ${server.getAsyncId() > 0}`);
server.close();
t.print(`unused request ${new TCPConnectWrap().getAsyncId()}`);
const client = h.tcpConnect(1, () => client.close());
t.print(`client ${client.getAsyncId() > 0}`);

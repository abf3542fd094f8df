// Node's own handles without the layers above them, which add ticks of their
// own: what a program on libuv has. process.binding() is the way to them that
// makes no warning, whose ticks would be seen.
'use strict';
const { TCP, TCPConnectWrap, constants: tcp } = process.binding('tcp_wrap');
const { Pipe, PipeConnectWrap, constants: pipe } = process.binding('pipe_wrap');
const { ShutdownWrap, WriteWrap, kReadBytesOrError, kLastWriteWasAsync,
        streamBaseState } = process.binding('stream_wrap');

module.exports = {
  tcpListen(onConnection) {
    const server = new TCP(tcp.SERVER);
    server.bind('127.0.0.1', 0);
    server.onconnection = (status, client) => onConnection(client);
    server.listen(16);
    const address = {};
    server.getsockname(address);
    server.port = address.port;
    return server;
  },
  tcpConnect(port, onConnect) {
    const client = new TCP(tcp.SOCKET);
    const request = new TCPConnectWrap();
    request.oncomplete = (status) => onConnect(client, status);
    client.connect(request, '127.0.0.1', port);
    return client;
  },
  pipeListen(path, onConnection) {
    const server = new Pipe(pipe.SERVER);
    server.bind(path);
    server.onconnection = (status, client) => onConnection(client);
    server.listen(16);
    return server;
  },
  // As net does it: it names the pipe as the trigger, which the TCP handle does
  // by itself. For scenarios with --expose-internals.
  pipeConnect(path, onConnect) {
    const { defaultTriggerAsyncIdScope } = require('internal/async_hooks');
    const client = new Pipe(pipe.SOCKET);
    const request = new PipeConnectWrap();
    request.oncomplete = (status) => onConnect(client, status);
    defaultTriggerAsyncIdScope(client.getAsyncId(), () => {
      client.connect(request, path);
    });
    return client;
  },
  // onRead gets the number of bytes, negative at the end.
  read(stream, onRead) {
    stream.onread = () => onRead(stream, streamBaseState[kReadBytesOrError]);
    stream.readStart();
  },
  // As net does it: what was written at once is called back from a tick.
  write(stream, text, onWrite) {
    const request = new WriteWrap();
    request.oncomplete = () => onWrite(stream);
    stream.writeUtf8String(request, text);
    if (!streamBaseState[kLastWriteWasAsync]) process.nextTick(onWrite, stream);
  },
  shutdown(stream, onShutdown) {
    const request = new ShutdownWrap();
    request.oncomplete = () => onShutdown(stream);
    stream.shutdown(request);
  },
};

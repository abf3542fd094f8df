// rows: test-messageport-hasref.js
'use strict';
const { MessageChannel, receiveMessageOnPort } = require('worker_threads');
const t = require('../support/trace.js');

const { port1, port2 } = new MessageChannel();
port1.postMessage('one');
port1.postMessage('two');
t.print(`received ${receiveMessageOnPort(port2)?.message}`);
port2.on('close', () => t.print('close 2'));
port2.close();

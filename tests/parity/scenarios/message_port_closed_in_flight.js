// rows: test-messageport-hasref.js
'use strict';
const { MessageChannel } = require('worker_threads');
const t = require('../support/trace.js');

const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => t.print(`message ${message}`));
port2.on('close', () => t.print('close 2'));
port1.on('close', () => t.print('close 1'));
port1.postMessage('one');
port1.postMessage('two');
port1.close();
port1.close();

'use strict';
const { MessageChannel, receiveMessageOnPort } = require('worker_threads');
const t = require('../support/trace.js');

const { port1, port2 } = new MessageChannel();
port1.postMessage('one');
port1.postMessage('two');
t.print(`received ${receiveMessageOnPort(port2).message}`);
port1.close();
t.print(`received ${receiveMessageOnPort(port2).message}`);
t.print(`received ${receiveMessageOnPort(port2)}`);

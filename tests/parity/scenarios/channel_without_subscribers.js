// rows: test-diagnostics-channel-bind-store.js
'use strict';
const dc = require('diagnostics_channel');
const t = require('../support/trace.js');

const channel = dc.channel('test');
t.print(`has subscribers ${channel.hasSubscribers}`);
channel.runStores('message', () => t.print('called'));
channel.publish('nobody hears it');
const listener = (message) => t.print(`heard ${message}`);
channel.subscribe(listener);
t.print(`has subscribers ${channel.hasSubscribers}`);
channel.publish('message');
t.print(`unsubscribe ${channel.unsubscribe(listener)}`);
t.print(`unsubscribe ${channel.unsubscribe(listener)}`);
channel.publish('nobody hears it');

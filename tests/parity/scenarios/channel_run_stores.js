// rows: test-diagnostics-channel-bind-store.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const channel = dc.channel('test');
channel.subscribe((message) => t.store(`published ${message}`, storage));
channel.bindStore(storage);
channel.runStores('message', (argument) => {
  t.store(`inside ${argument}`, storage);
}, undefined, 'given');
t.store('outside', storage);
t.print(`unbind ${channel.unbindStore(storage)}`);
t.print(`unbind ${channel.unbindStore(storage)}`);
channel.runStores('unbound', () => t.store('inside', storage));

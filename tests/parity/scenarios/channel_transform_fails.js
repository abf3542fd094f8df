// rows: test-diagnostics-channel-bind-store.js
'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const channel = dc.channel('test');
process.on('uncaughtException', (error) => t.print(`later ${error.message}`));
channel.bindStore(storage, () => { throw new Error('in the transform'); });
setImmediate(() => {
  channel.runStores('message', () => t.store('inside', storage));
  t.print('goes on');
});

'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
t.promises();
process.on('uncaughtException', (error) => {
  t.where('uncaught');
  t.store('uncaught', storage);
  storage.enterWith('entered in the handler');
  setImmediate(() => t.store('immediate of the handler', storage));
});
storage.run('run', () => Promise.reject(new Error('first')));
storage.run('other', () => {
  Promise.resolve().then(() => { throw new Error('second'); });
});
setImmediate(() => t.store('immediate', storage));

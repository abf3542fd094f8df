'use strict';
const { channel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
process.on('uncaughtException', (error) => show(`uncaught ${error}`));
const one = channel('one'), two = channel('two');
const second = (message) => show(`second ${message}`);
two.subscribe(() => {
  show('two');
  one.unsubscribe(second);
  throw 'of two';
});
one.bindStore(storage, (message) => `of ${message}`);
one.subscribe((message) => {
  show(`first ${message}`);
  if (message === 'a') two.publish('nested');
  throw `of first ${message}`;
});
one.subscribe(second);
storage.run('run', () => {
  one.publish('a');
  one.runStores('b', () => show('in b'));
  show('behind b');
});
show('outside');

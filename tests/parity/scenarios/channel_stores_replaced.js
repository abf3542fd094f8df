'use strict';
const { channel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS(), other = new ALS();
const show = (text) => {
  t.print(`${text} ${storage.getStore()} ${other.getStore()}`);
};
const one = channel('one');
one.bindStore(storage, (message) => `first of ${message}`);
one.bindStore(other);
one.bindStore(storage, (message) => `second of ${message}`);
t.print(`has ${one.hasSubscribers}`);
one.runStores('a', () => {
  show('in a');
  storage.enterWith('entered in a');
  other.run('run in a', () => one.runStores('b', () => {
    show('in b');
    one.unbindStore(other);
    setImmediate(() => show('immediate of b'));
    one.runStores('c', () => show('in c'));
  }));
  show('behind b');
});
show('behind a');
try {
  one.runStores('d', () => {
    show('in d');
    throw 'failed in d';
  });
} catch (error) {
  show(error);
}
t.print(`unbound ${one.unbindStore(storage)} ${one.unbindStore(storage)}`);
t.print(`has ${one.hasSubscribers}`);
one.runStores('e', () => show('in e'));

// rows: test-diagnostics-channel-bind-store.js
'use strict';
const { channel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const first = new ALS(), second = new ALS(), late = new ALS();
const show = (text) => t.print(`${text}: ${first.getStore()} ` +
  `${second.getStore()} ${late.getStore()}`);
const one = channel('one');
one.subscribe((message) => show(`subscriber of ${message}`));
one.bindStore(first, (message) => {
  show(`first of ${message}`);
  if (message === 'b') one.bindStore(late, () => { show('late'); return 'l'; });
  return `1${message}`;
});
one.bindStore(second, (message) => {
  show(`second of ${message}`);
  if (message === 'c') one.unbindStore(late);
  return `2${message}`;
});
for (const message of ['a', 'b', 'c', 'd']) {
  one.runStores(message, () => show('inside'));
}

// A store that is seen already is set all the same.
one.unbindStore(first);
one.unbindStore(second);
one.bindStore(first);
first.run('same', () => {
  one.runStores('same', () => first.enterWith('entered'));
  show('behind');
});

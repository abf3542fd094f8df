'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS(), other = new ALS();
const show = (text) => {
  t.print(`${text} ${storage.getStore()} ${other.getStore()}`);
};
const later = (text) => setImmediate(() => show(text));
other.run('other', () => {
  storage.run('outer', () => {
    later('started in outer');
    storage.run('inner', () => {
      later('started in inner');
      storage.disable();
      show('disabled in inner');
      later('started when disabled');
    });
    show('behind inner');
    const scope = storage.withScope('scope');
    storage.disable();
    show('disabled in the scope');
    scope.dispose();
    show('behind the scope');
    other.disable();
    show('other disabled');
    later('started when other is disabled');
  });
  show('behind outer');
});
show('behind other');

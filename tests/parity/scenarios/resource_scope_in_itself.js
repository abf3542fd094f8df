'use strict';
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => {
  t.where(text);
  t.store(text, storage);
};
t.start({ without: ['Immediate'] });
const resource = storage.run('maker', () => new AsyncResource('R'));
const other = new AsyncResource('OTHER');
const bound = resource.bind(() => {
  show('bound');
  throw 'failed';
});
process.on('uncaughtException', (error) => show(`uncaught ${error}`));
resource.runInAsyncScope(() => {
  show('outer');
  storage.enterWith('entered in outer');
  resource.runInAsyncScope(() => {
    show('inner');
    other.runInAsyncScope(() => {
      show('other');
      resource.emitDestroy();
      try {
        bound();
      } catch (error) {
        show(`caught ${error}`);
      }
    });
  });
  show('outer again');
});
setImmediate(bound);
setImmediate(() => show('immediate'));

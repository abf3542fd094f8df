'use strict';
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
const outside = ALS.bind(() => show('bound outside'));
storage.run('one', () => {
  const bound = ALS.bind(() => show('bound'));
  const snapshot = ALS.snapshot();
  const resource = new AsyncResource('R');
  storage.run('two', () => {
    bound();
    outside();
    storage.enterWith('entered');
    resource.runInAsyncScope(() => show('resource'));
    show('entered');
    bound();
    snapshot(() => {
      show('snapshot');
      storage.run('three', bound);
    });
  });
  show('one');
  storage.disable();
  show('disabled');
  bound();
});
outside();

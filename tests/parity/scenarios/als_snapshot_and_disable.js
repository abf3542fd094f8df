// rows: test-async-local-storage-snapshot.js test-async-local-storage-isolation.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS({ defaultValue: 'default' });
const show = (text) => () => t.store(text, storage);
let before, after, inside;
storage.run('outer', () => {
  before = ALS.snapshot();
  storage.run('inner', () => {
    inside = ALS.snapshot();
    storage.disable();
    after = ALS.snapshot();
    show('disabled')();
    inside(show('inside, in the run'));
  });
  show('outer again')();
});
before(show('before'));
inside(show('inside'));
after(show('after'));
storage.disable();
before(show('before, disabled outside'));
storage.enterWith('entered');
after(show('after, entered outside'));
storage.disable();
show('end')();

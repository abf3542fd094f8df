'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS({ defaultValue: 'default' });
const show = (text) => t.store(text, storage);
const later = (text) => setImmediate(() => show(text));
storage.run('default', () => {
  storage.enterWith('entered');
  later('started where run() had nothing to do');
});
show('behind it');
storage.exit(() => {
  show('in exit');
  later('started in exit');
  storage.disable();
  show('disabled in exit');
});
show('behind exit');
storage.exit(() => storage.run('run', () => show('run in exit')));
storage.disable();
show('disabled');
{
  const scope = storage.withScope(undefined);
  show('in the scope');
  later('started in the scope');
  scope.dispose();
  show('behind the scope');
}
later('started behind the scope');
storage.enterWith(undefined);
show('entered nothing');
storage.run(undefined, () => storage.enterWith('in run of nothing'));
show('behind run of nothing');

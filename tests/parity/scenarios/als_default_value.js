// rows: test-als-defaultvalue.js test-als-defaultvalue-original.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const show = (text, storage) => t.store(`${text} name=${storage.name}`,
                                        storage);
show('no options', new ALS());
const storage = new ALS({ name: 'test', defaultValue: 'default' });
show('outside', storage);
storage.run('set', () => show('in run', storage));
show('after run', storage);
storage.exit(() => t.store('in exit', storage));
storage.run(undefined, () => t.store('in run(undefined)', storage));
storage.enterWith('entered');
t.store('entered', storage);
storage.disable();
t.store('disabled', storage);

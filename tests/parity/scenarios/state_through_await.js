// rows: test-async-hooks-execution-async-resource-await.js
'use strict';
const ah = require('async_hooks');
const t = require('../support/trace.js');

const state = Symbol('state');
ah.createHook({
  init(id, type, trigger, resource) {
    resource[state] = ah.executionAsyncResource()[state];
  },
}).enable();
for (const name of ['a', 'b', 'c']) {
  setImmediate(() => {
    ah.executionAsyncResource()[state] = name;
    Promise.resolve().then(() => {
      t.print(`${name} sees ${ah.executionAsyncResource()[state]}`);
    });
  });
}

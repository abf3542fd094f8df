// rows: test-async-hooks-promise.js
'use strict';
const { createHook, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.promises();
const settle = {};
const make = (word) => new Promise((resolve, reject) => {
  settle[word] = word === 'after' ? () => reject(new Error(word)) : resolve;
}).then(() => t.where(`then ${word}`), () => t.where(`catch ${word}`));
['init', 'before', 'after', 'destroy'].forEach(make);
const done = (word) => () => { settle[word]?.(word); delete settle[word]; };
createHook({ init: done('init'), before: done('before'), after: done('after'),
  destroy: done('destroy'), trackPromises: false }).enable();
const resource = new AsyncResource('FIRST');
t.print('made');
resource.runInAsyncScope(() => t.print('scope'));
resource.emitDestroy();
setImmediate(() => t.print('immediate'));

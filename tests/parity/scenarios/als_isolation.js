// rows: test-async-local-storage-isolation.js
'use strict';
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const a = new ALS();
const b = new ALS();
a.run('a', () => b.enterWith('entered inside'));
t.store('a after', a);
t.store('b after', b);
const first = new ALS();
const second = new ALS();
const third = new ALS();
const all = (text) => {
  t.store(`${text} first`, first);
  t.store(`${text} second`, second);
  t.store(`${text} third`, third);
};
first.run('1', () => {
  second.run('2', () => {
    third.run('3', () => {
      first.disable();
      all('in third');
    });
    all('in second');
  });
  all('in first');
});
all('outside');

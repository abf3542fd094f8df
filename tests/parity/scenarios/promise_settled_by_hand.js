'use strict';
const { executionAsyncId } = require('async_hooks');
const t = require('../support/trace.js');

// What its then() answers is of its class too, which keeps what settles it; it
// is made by that class, so that its init names no parent and is left out here.
class Held extends Promise {
  constructor(executor = () => {}) {
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
      executor(resolve, reject);
    });
    Object.assign(this, settle);
  }
}

t.hook('', { only: ['PROMISE'], events: ['before', 'after', 'resolve'] })
  .enable();
const say = (text) => (value) =>
  t.print(`${text} ${value} eid=#${executionAsyncId()}`);

// A value would pass through the catch().
const first = new Held();
const caught = first.catch(say('never'));
caught.then(say('caught'));
caught.resolve('by hand');
first.resolve('too late');

// A reason would pass through the then().
const second = new Held();
const chained = second.then(say('never'));
chained.catch(say('chained'));
chained.reject('by hand');
second.reject('too late');

// The callback is called all the same, and what it answers is dropped.
const third = new Held();
const called = third.then((value) => {
  say('callback')(value);
  return 'dropped';
});
called.then(say('called'));
called.resolve('by hand');
third.resolve('in time');

// One that adopts is settled by what it adopts.
const fourth = new Held();
const other = new Held();
const adopting = fourth.catch(say('never'));
adopting.then(say('adopting'));
adopting.resolve(other);
fourth.resolve('too late');
other.resolve('adopted');

// A finally() calls, and waits, but settles nothing.
const fifth = new Held();
const last = fifth.finally(() => t.print('finally'));
last.then(say('last'));
last.resolve('by hand');
fifth.resolve('too late');

// What would have passed its reason on has nobody to handle it.
process.on('unhandledRejection', say('unhandled'));
const sixth = new Held();
sixth.finally(() => t.print('finally')).resolve('by hand');
sixth.reject('too late');

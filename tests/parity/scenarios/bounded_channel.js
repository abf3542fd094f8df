'use strict';
const { boundedChannel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const work = boundedChannel('work');
t.print(`${work.start.name} ${work.end.name} ${work.hasSubscribers}`);
work.run('nobody', () => t.store('nobody hears', storage));

// Whether anybody hears is asked when it begins.
const onEnd = (message) => t.store(`end of ${message}`, storage);
work.run('unheard', () => work.end.subscribe(onEnd));
work.run('half heard', () => t.store('half heard', storage));
work.start.subscribe((message) => t.store(`start of ${message}`, storage));
work.start.bindStore(storage, (message) => `store of ${message}`);
const answer = work.run('outer', () => {
  t.store('outer', storage);
  work.run('inner', () => t.store('inner', storage));
  setImmediate(() => t.store('immediate', storage));
  return 7;
});
t.store(`answered ${answer}`, storage);

try {
  work.run('failing', () => { throw new Error('failed'); });
} catch (error) {
  t.store(`caught ${error.message}`, storage);
}

const scope = work.withScope('scope');
storage.enterWith('entered');
scope[Symbol.dispose]();
scope[Symbol.dispose]();
t.store('behind the scope', storage);

// The end is published to who is there then.
const last = work.withScope('last');
work.end.unsubscribe(onEnd);
last[Symbol.dispose]();
t.store('behind the last', storage);

'use strict';
const { channel } = require('diagnostics_channel');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const first = new ALS(), second = new ALS();
const show = (text) =>
  t.print(`${text}: ${first.getStore()} ${second.getStore()}`);
const end = (scope) => scope[Symbol.dispose]();
const one = channel('one');

end(one.withStoreScope('nobody'));
one.subscribe((message) => show(`subscriber of ${message}`));
one.bindStore(first);
one.bindStore(second, (message) => {
  if (message === 'failing') throw new Error('in the transform');
  return `second of ${message}`;
});

// Nested, and what starts in it keeps the stores.
const outer = one.withStoreScope('outer');
show('in outer');
const inner = one.withStoreScope('inner');
show('in inner');
setImmediate(() => show('immediate'));
end(inner);
show('behind inner');
end(outer);
show('behind outer');

// Disposed twice, and what was entered inside goes with it.
const scope = one.withStoreScope('once');
first.enterWith('entered');
one.unbindStore(first);
show('unbound');
end(scope);
first.enterWith('outside');
end(scope);
show('disposed twice');

process.on('uncaughtException', (error) => t.print(`later ${error.message}`));
setImmediate(() => {
  const failing = one.withStoreScope('failing');
  show('in failing');
  end(failing);
  show('behind failing');
});

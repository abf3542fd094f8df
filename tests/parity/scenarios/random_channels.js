// Programs made by chance, of channels and what they set: random.js says how.
'use strict';
const ah = require('async_hooks');
const dc = require('diagnostics_channel');
const t = require('../support/trace.js');

const storages = [0, 1, 2].map(() => new ah.AsyncLocalStorage());
const always = new ah.AsyncLocalStorage(); // so that there is a frame
const bounded = dc.boundedChannel('bounded');
const tracing = dc.tracingChannel('tracing');
const channels = [dc.channel('one'), dc.channel('two'), bounded.start,
  bounded.end, tracing.start, tracing.end, tracing.asyncStart,
  tracing.asyncEnd, tracing.error];
let state, labels, budget, depth;

function draw(below) { // xorshift
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

const pick = (list) => list[draw(list.length)];
const label = (kind) => `${kind}${++labels}`;

function show(what) {
  t.print(`${what} eid=#${ah.executionAsyncId()} tid=#${ah.triggerAsyncId()} ` +
    `stores=${storages.map((storage) => storage.getStore()).join()}`);
}

function step() {
  for (let actions = draw(4); actions > 0 && budget > 0; actions--) {
    budget--;
    act[draw(act.length)]();
  }
}

function nested() {
  if (depth === 4) return;
  depth++;
  try {
    step();
  } finally {
    depth--;
  }
}

function throwSometimes() {
  if (draw(3) === 0) throw label('failure');
}

function callback(kind) {
  const name = label(kind);
  return () => {
    depth = 0;
    show(name);
    step();
  };
}

const context = (kind) => ({ name: label(kind), toString() { return this.name; } });

const subscribers = ['plain', 'nesting', 'failing'].map((kind, i) => {
  return (message, name) => {
    show(`${kind} ${name} ${message}`);
    if (i > 0) nested();
    if (i === 2) throwSometimes();
  };
});

const transforms = [undefined, (message) => {
  show(`transform ${message}`);
  nested();
  throwSometimes();
  return label('made');
}, (message) => `of ${message}`];

const inside = () => {
  show('inside');
  nested();
};

function inScope(scope) {
  try {
    inside();
  } finally {
    scope[Symbol.dispose]();
  }
}

function traced() {
  inside();
  throwSometimes();
}

const act = [
  () => pick(channels).subscribe(pick(subscribers)),
  () => t.print(`unsubscribe ${pick(channels).unsubscribe(pick(subscribers))}`),
  () => pick(channels).bindStore(pick(storages), pick(transforms)),
  () => t.print(`unbind ${pick(channels).unbindStore(pick(storages))}`),
  () => t.print(`has ${pick(channels).hasSubscribers} ` +
    `${bounded.hasSubscribers} ${tracing.hasSubscribers}`),
  () => pick(channels).publish(label('message')),
  () => pick(channels).runStores(label('run'), inside),
  () => inScope(pick(channels).withStoreScope(label('scope'))),
  () => bounded.run(label('bounded'), inside),
  () => inScope(bounded.withScope(label('boundedScope'))),
  () => tracing.traceSync(traced, context('sync')),
  () => {
    const call = context('call'), later = draw(3);
    tracing.traceCallback((done) => {
      if (later === 0) done(null, 'result');
      if (later === 1) process.nextTick(done, 'error');
      if (later === 2) setImmediate(done, null, 'result');
      inside();
    }, 0, call, undefined, callback('done'));
  },
  () => pick(storages).run(label('store'), inside),
  () => pick(storages).exit(inside),
  () => pick(storages).enterWith(label('entered')),
  () => inScope(pick(storages).withScope(label('with'))),
  () => process.nextTick(callback('tick')),
  () => queueMicrotask(callback('microtask')),
  () => setImmediate(callback('immediate')),
  () => throwSometimes(),
  () => {
    try {
      nested();
    } catch (reason) {
      show(`caught ${reason}`);
    }
  },
];

function begin(seed) {
  state = Math.imul(seed, 2654435761);
  labels = depth = 0;
  budget = 80;
  always.enterWith('always');
  t.print(`program ${seed}`);
  for (let i = 0; i < 8; i++) step();
}

process.on('uncaughtException', (reason) => show(`uncaught ${reason}`));
let seed = Number(process.env.RANDOM_FIRST ?? 1);
const last = Number(process.env.RANDOM_LAST ?? 3);
process.on('beforeExit', () => {
  if (seed <= last) setImmediate(() => begin(seed++));
});

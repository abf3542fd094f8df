// Node doing what a row of bench_hooks does, under the same name: nanoseconds
// of one operation, the median of some rounds. A round is so long that the
// garbage collector comes in each: what was made is freed there, as in C.
//
// usage: node peer_hooks.js ROW HOOKS STORAGES
'use strict';
const { AsyncLocalStorage, AsyncResource, createHook } =
  require('node:async_hooks');

const [row, hookCount, storageCount] =
  process.argv.slice(2).map((word, i) => i === 0 ? word : Number(word));
const COUNT = 2000, AT_A_TURN = 100;
const ROUNDS = 9, ROUND_MS = 4, WARM_ROUNDS = 6, WARM_MS = 60;
// The destroy event comes from emitDestroy(), not from the garbage collector.
const MANUAL = { requireManualDestroy: true };

const now = () => performance.now();
const nothing = () => {};
const storages = Array.from({ length: storageCount || 1 },
                            () => new AsyncLocalStorage());
const storage = storages.at(-1);
const stores = [{}, {}], outerStore = {};
const one = new AsyncResource('ONE', MANUAL);
const reason = new Error('thrown');
// What a row made is kept here, so that no compiler leaves it out.
let sink;

const make = () => new AsyncResource('BENCH', MANUAL);
const nested = Array.from({ length: 8 }, make);
const together = Array.from({ length: 64 }, make);

const times = (operation) => (count) => {
  for (let i = 0; i < count; i++)
    sink = operation(i);
};

const nest = (depth) => {
  if (depth < nested.length)
    nested[depth].runInAsyncScope(nest, null, depth + 1);
};

const life = (resource) => {
  resource.runInAsyncScope(nothing);
  return resource.emitDestroy();
};

const live = (i) => {
  life(together[i % together.length]);
  together[i % together.length] = make();
};

const getStores = (from) => (count) => {
  let found = 0;
  for (let i = 0; i < count; i++)
    found += from.getStore() === undefined ? 0 : 1;
  sink = found;
};

// The last callback of a turn starts the next turn's.
const turns = (start) => (count) => new Promise((resolve) => {
  const callback = () => {
    if (--count === 0)
      resolve();
    else if (count % AT_A_TURN === 0)
      some();
  };
  const some = () => {
    for (let i = 0; i < AT_A_TURN; i++)
      start(callback);
  };
  some();
});

// The wait of a millisecond, which setTimeout(0) is, does not count.
const timers = (count) => new Promise((resolve) => {
  let idle_ms;
  const callback = () => {
    idle_ms ??= now() - started;
    if (--count === 0)
      resolve(idle_ms);
  };
  for (let i = 0; i < count; i++)
    setTimeout(callback, 0);
  const started = now();
});

const thens = async (count) => {
  for (let promise = Promise.resolve(); count > 0; count -= AT_A_TURN) {
    for (let i = 0; i < AT_A_TURN; i++)
      promise = promise.then((value) => value);
    await promise;
  }
};

const pendingThens = (count) => {
  sink = new Promise(nothing);
  for (let i = 0; i < count; i++)
    sink = sink.then((value) => value);
};

const awaits = (begin) => async (count) => {
  for (let i = 0; i < count; i++)
    await begin(i);
};

const caught = () => new Promise((resolve) => resolve())
  .then(() => { throw reason; }).catch((value) => value);

const rows = {
  'init-destroy': times(() => make().emitDestroy()),
  'init-collected': times(() => new AsyncResource('BENCH')),
  'before-after': times(() => one.runInAsyncScope(nothing)),
  // Eight scopes are entered and left: sixteen boundaries.
  'nested-boundary': (count) => times(() => nest(0))(count / 16),
  'life': times(() => life(make())),
  'lives-together': times(live),
  'get-store': getStores(storage),
  'get-store-outermost': getStores(storages[0]),
  'run': times((i) => storage.run(stores[i & 1], nothing)),
  // Inside a run(), so that the store is as before behind it.
  'enter-with': (count) => storage.run(
    outerStore, times((i) => storage.enterWith(stores[i & 1])), count),
  'snapshot': times(() => AsyncLocalStorage.snapshot()(nothing)),
  'bind': times(() => AsyncLocalStorage.bind(nothing)()),
  'resource-bind': times(() => one.bind(nothing)),
  'next-tick': turns(process.nextTick),
  'immediate': turns(setImmediate),
  'timer': timers,
  'promise-then': thens,
  'promise-chain': pendingThens,
  'await': async (count) => {
    for (let i = 0; i < count; i++)
      await undefined;
  },
  'run-await': awaits((i) => new Promise(
    (resolve) => storage.run(stores[i & 1], resolve))),
  'then-catch': awaits(caught),
  'then-catch-init': awaits(caught),
};

const callbacks = row.endsWith('-init') ? ['init'] :
  ['init', 'before', 'after', 'destroy'];
for (let i = 0; i < hookCount; i++)
  createHook(Object.fromEntries(callbacks.map((name) => [name, () => {}])))
    .enable();

// With hooks the destroy events are part of it: one turn of the loop for all.
async function some() {
  const begun = now();
  const idle_ms = await rows[row](COUNT) || 0;
  if (hookCount > 0)
    await new Promise(setImmediate);
  return now() - begun - idle_ms;
}

async function round() {
  let ms = 0, count = 0;
  for (; ms < ROUND_MS; count += COUNT)
    ms += await some();
  return ms * 1e6 / count;
}

async function main() {
  for (let rounds = 0, begun = now();
       rounds < WARM_ROUNDS || now() - begun < WARM_MS; rounds++)
    await some();
  const taken = [];
  while (taken.length < ROUNDS)
    taken.push(await round());
  taken.sort((a, b) => a - b);
  console.log(taken[ROUNDS >> 1].toFixed(2));
  return sink;
}

storages.slice(0, storageCount).reduceRight(
  (inner, each) => () => each.run(outerStore, inner), main)();

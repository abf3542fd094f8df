// Programs made by chance. What a callback does is drawn when it runs, by
// numbers that random.c draws too: both halves run the same program for as long
// as everything happens in the same order.
'use strict';
const ah = require('async_hooks');
const t = require('./trace.js');

const storages = [new ah.AsyncLocalStorage(), new ah.AsyncLocalStorage()];
const always = new ah.AsyncLocalStorage(); // so that there is a frame: random_show.h
const stores = ['A', 'B', 'C', 'D'];
const kept = []; // or the garbage collector's destroy would be seen
const idle = new Int32Array(new SharedArrayBuffer(4));
let state, labels, budget, depth, hooks, toggling, disabling, timing, held;
let promises, resources, snapshots, immediates, timers;

function draw(below) { // xorshift
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

// What its then() answers is of its class too, and may be settled by hand.
class Held extends Promise {
  constructor(executor) {
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
      executor(resolve, reject);
    });
    Object.assign(this, settle);
  }
}

const pick = (list) => list.length === 0 ? undefined : list[draw(list.length)];
const text = (reason) =>
  (reason?.message ?? `${reason}`).replace('#<Held>', '#<Promise>');

// Node forgets the trigger of some: promise_parent_without_trigger; and those of
// Held name no parent.
function show(what) {
  const [first, second] = storages.map((storage) => storage.getStore());
  const trigger = held ? 0 : ah.triggerAsyncId() || 0;
  t.print(`${what} eid=#${ah.executionAsyncId()} ` +
    `tid=#${trigger} stores=${first},${second}`);
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

// A loop that allocates would have V8 ask for a collection, behind which ticks
// run: ticks_behind_a_collection
function beBusy(ms) {
  Atomics.wait(idle, 0, 0, ms);
}

// Where timers were started they are due when the loop looks, whoever is slow.
function callback(kind) {
  const name = `${kind}${++labels}`;
  return (value) => {
    depth = 0;
    show(`${name} ${text(value)}`);
    try {
      step();
    } finally {
      if (timing) beBusy(3);
    }
    return name;
  };
}

function started(timer) {
  timing = true;
  timers.push(timer);
}

function makeInterval() {
  const called = callback('interval');
  let times = 0;
  const interval = setInterval(() => {
    if (++times === 3) clearInterval(interval);
    called();
  }, 1);
  started(interval);
}

// Of a promise: answers its name, another promise, what it was given, nothing.
// One of finally() not its own: promise_finally_answers_itself
function answering(kind, derived) {
  const called = callback(kind);
  return (value) => {
    derived.answering = kind === 'finally';
    let name;
    try {
      name = called(value);
    } finally {
      derived.answering = false;
    }
    const answer = draw(4);
    const other = answer === 1 ? pick(promises) : undefined;
    const may = other && !(kind === 'finally' && other === derived);
    return [name, may ? other.promise : undefined, value][answer];
  };
}

// In C what a callback of finally() settles by hand is its answer.
function pickToSettle() {
  const promise = pick(promises);
  return promise?.answering ? undefined : promise;
}

function derive(make) {
  const promise = pick(promises)?.promise;
  const derived = {};
  if (promise) derived.promise = make(promise, derived);
  if (promise && held) {
    derived.resolve = derived.promise.resolve;
    derived.reject = derived.promise.reject;
  }
  if (promise) promises.push(derived);
}

function toggle(hook) {
  hook.on = !hook.on;
  t.print(`hook ${hook.on}`);
  if (hook.on) hook.enable();
  else hook.disable();
}

function change() {
  if (draw(6) === 0) toggle(pick(hooks));
}

// Not where storages are disabled, too: als_disable_behind_a_run
function running(storage, store, run) {
  if (disabling) nested();
  else run(storage, store);
}

const act = [
  () => process.nextTick(callback('tick')),
  () => queueMicrotask(callback('microtask')),
  () => immediates.push(setImmediate(callback('immediate'))),
  () => clearImmediate(pick(immediates)),
  () => clearTimeout(pick(timers)),
  () => started(setTimeout(callback('timer'), 1)),
  () => makeInterval(),
  () => {
    const timer = pick(timers);
    timing ||= timer !== undefined;
    timer?.refresh();
  },
  () => promises.push((held ? Held : Promise).withResolvers()),
  () => pickToSettle()?.resolve?.(`value${++labels}`),
  () => pickToSettle()?.reject?.(`reason${++labels}`),
  () => {
    const waiting = pickToSettle();
    const other = pick(promises);
    if (other) waiting?.resolve?.(other.promise);
  },
  () => derive((from, derived) => from.then(answering('then', derived))),
  () => derive((from, derived) => from.catch(answering('catch', derived))),
  () => derive((from, derived) => from.finally(answering('finally', derived))),
  () => derive((from, derived) => {
    return from.then(answering('is', derived), answering('isnt', derived));
  }),
  () => resources.push(new ah.AsyncResource('R')),
  () => pick(resources)?.runInAsyncScope(nested),
  () => {
    const resource = pick(resources);
    if (resource && !resource.ended) resource.emitDestroy().ended = true;
  },
  () => running(pick(storages), pick(stores), (storage, store) => {
    storage.run(store, nested);
  }),
  () => running(pick(storages), pick(stores), (storage, store) => {
    const scope = storage.withScope(store);
    try {
      nested();
    } finally {
      scope.dispose();
    }
  }),
  () => {
    const storage = pick(storages);
    if (disabling) storage.disable();
  },
  () => pick(storages).enterWith(pick(stores)),
  () => running(pick(storages), undefined, (storage) => storage.exit(nested)),
  () => pick(storages).enterWith(undefined),
  () => snapshots.push(ah.AsyncLocalStorage.snapshot()),
  () => pick(snapshots)?.(nested),
  () => { if (draw(3) === 0) throw `failure${++labels}`; },
  () => {
    try {
      nested();
    } catch (reason) {
      t.print(`caught ${text(reason)}`);
    }
  },
  () => toggling && toggle(pick(hooks)),
];

function begin(seed) {
  kept.push(resources, snapshots);
  state = Math.imul(seed, 2654435761);
  labels = depth = 0;
  timing = false;
  budget = 60;
  [promises, resources, snapshots, immediates, timers] = [[], [], [], [], []];
  always.enterWith('always');
  t.print(`program ${seed}`);
  if (!toggling) hooks.forEach((hook) => hook.enable());
  setTimeout(() => {}, 1); // Node's timer fires for those cleared, too
  for (let i = draw(4); i > 0; i--) {
    timers.push(setTimeout(callback('timer'), 1));
  }
  beBusy(4);
  try {
    for (let i = 0; i < 8; i++) step();
  } finally {
    if (timing) beBusy(3);
  }
}

// What Node says of a reason that is no Error, which C does not say.
function uncaught(error) {
  const reason = error?.code === 'ERR_UNHANDLED_REJECTION' ?
    /reason "(.*)"/.exec(error.message)[1] : text(error);
  show(`uncaught ${/^(failure|Chaining)/.test(reason) ? reason : 'rejection'}`);
}

// The programs from `first` to `last`, one after the other, under these hooks,
// each a list of its events, and of `blind` when it does not track promises.
//   toggle   they switch the hooks on and off
//   inside   and so do the hooks' callbacks
//   disable  they disable storages, and have no run()
//   unasked  nobody is told of rejections
//   held     they also settle what then() answered
module.exports = function run(first, last, lists, options = {}) {
  toggling = options.toggle;
  disabling = options.disable;
  held = options.held;
  hooks = lists.map((events, i) => t.hook(`${i}`, {
    events, on: options.inside ? change : undefined,
    trackPromises: events.includes('blind') ? false : undefined,
    without: events.includes('destroy') ? ['PROMISE'] : undefined }));
  process.on('uncaughtException', uncaught);
  if (!options.unasked) {
    process.on('unhandledRejection', (reason) => {
      show(`unhandled ${text(reason)}`);
    });
  }
  process.on('rejectionHandled', () => {}); // no warning, which is a tick
  let seed = Number(process.env.RANDOM_FIRST ?? first);
  const end = Number(process.env.RANDOM_LAST ?? last);
  process.on('beforeExit', () => {
    hooks.forEach((hook) => {
      hook.disable();
      hook.on = false;
    });
    if (seed <= end) setImmediate(() => begin(seed++));
  });
};

// The JavaScript half of the prelude: hooks that print one line an event, at
// once and synchronously, so that printing makes no resource of its own.
// trace.h says what each line looks like; both halves print the same.
'use strict';
const asyncHooks = require('async_hooks');
const fs = require('fs');

function line(text) {
  fs.writeSync(1, text + '\n');
}

// options: only, without: arrays of types; events: array of event names;
// on(word, id): called after the line was printed
function hook(name, options = {}) {
  const prefix = name ? name + ':' : '';
  const hidden = new Map();
  const events = options.events ??
    ['init', 'before', 'after', 'destroy', 'resolve'];
  const shows = (id) => !(hidden.get(id) ?? Boolean(options.only));
  const event = (word) => events.includes(word) ? (id) => {
    if (shows(id)) {
      line(`${prefix}${word} ${id}`);
      options.on?.(word, id);
    }
  } : undefined;
  const callbacks = {
    init(id, type, trigger) {
      hidden.set(id, options.only ? !options.only.includes(type) :
        Boolean(options.without?.includes(type)));
      if (events.includes('init') && shows(id)) {
        line(`${prefix}init ${id} ${type} ${trigger} ` +
          asyncHooks.executionAsyncId());
        options.on?.('init', id);
      }
    },
    before: event('before'),
    after: event('after'),
    destroy: event('destroy'),
    promiseResolve: event('resolve'),
  };
  for (const key of Object.keys(callbacks)) {
    if (callbacks[key] === undefined) delete callbacks[key];
  }
  return asyncHooks.createHook(
    options.trackPromises === undefined ? callbacks :
      { ...callbacks, trackPromises: options.trackPromises });
}

let started;
module.exports = {
  hook,
  start: (options) => { started = hook('', options).enable(); },
  // Without destroy, which for promises is the garbage collector's.
  promises: () => hook('', {
    only: ['PROMISE'],
    events: ['init', 'before', 'after', 'resolve'],
  }).enable(),
  stop: () => started.disable(),
  print: (text) => line(`print ${text}`),
  where: (text) => line(`print ${text} eid=#${asyncHooks.executionAsyncId()} ` +
    `tid=#${asyncHooks.triggerAsyncId()}`),
  store: (text, storage) => line(`print ${text} store=${storage.getStore()}`),
  // What a call that must be refused did.
  refused(text, call) {
    try {
      call();
      line(`print ${text} accepted`);
    } catch {
      line(`print ${text} refused`);
    }
  },
};

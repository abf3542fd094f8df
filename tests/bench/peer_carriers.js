// Ways in which Node's programs carry a store from a request to what it starts:
// run(store, work) begins, get() answers it wherever the request has led to.
'use strict';
const { AsyncLocalStorage, createHook, executionAsyncId,
        executionAsyncResource } = require('node:async_hooks');

const none = () => {};

// By hand: each callback has what its handler was given.
const plain = () => ({ run: (store, work) => work(), get: (own) => own });

const als = () => {
  const storage = new AsyncLocalStorage();
  return { run: (store, work) => storage.run(store, work),
           get: () => storage.getStore() };
};

const hooks = () => {
  createHook({ init: none, before: none, after: none, destroy: none }).enable();
  return als();
};

// Each new resource takes over what the current one has.
const resource = () => {
  const key = Symbol('store');
  createHook({
    init(id, type, trigger, made) { made[key] = executionAsyncResource()[key]; },
  }).enable();
  return { run: (store, work) => {
             executionAsyncResource()[key] = store;
             work();
           },
           get: () => executionAsyncResource()[key] };
};

// The same by ids, which a hook for destroy forgets.
const destroy = () => {
  const stores = new Map();
  createHook({
    init(id) { stores.set(id, stores.get(executionAsyncId())); },
    destroy(id) { stores.delete(id); },
  }).enable();
  return { run: (store, work) => {
             stores.set(executionAsyncId(), store);
             work();
           },
           get: () => stores.get(executionAsyncId()) };
};

module.exports = { plain, als, hooks, resource, destroy };

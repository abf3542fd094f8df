'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

class MyAsyncCallbacks {
  init(id, type, trigger) { t.print(`base init #${id} ${type} #${trigger}`); }
  destroy(id) { t.print(`base destroy #${id}`); }
}

class MyAddedCallbacks extends MyAsyncCallbacks {
  before(id) { t.print(`added before #${id}`); }
  after(id) { t.print(`added after #${id}`); }
}

class MyOtherCallbacks extends MyAddedCallbacks {
  init(id, type, trigger) {
    t.print('other');
    super.init(id, type, trigger);
  }
}

const hook = ah.createHook(new MyAddedCallbacks()).enable();
const first = new AsyncResource('FIRST');
first.runInAsyncScope(() => t.print('callback'));
hook.disable();
ah.createHook(new MyOtherCallbacks()).enable();
const second = new AsyncResource('SECOND');
second.runInAsyncScope(() => t.print('callback'));
first.emitDestroy();
second.emitDestroy();

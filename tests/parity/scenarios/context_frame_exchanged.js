// rows: test-internal-async-context-frame-enabled.js
// flags: --expose-internals
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const Frame = require('internal/async_context_frame');
const t = require('../support/trace.js');

const show = (text) => {
  t.store(text, storage);
  t.print(`a frame ${Frame.current() !== undefined}`);
};
const storage = new AsyncLocalStorage();
show('at first');
storage.enterWith('entered');
show('entered');
setImmediate(() => show('started inside'));
const frame = Frame.exchange(undefined);
show('exchanged');
setImmediate(() => show('started outside'));
Frame.set(frame);
show('set again');

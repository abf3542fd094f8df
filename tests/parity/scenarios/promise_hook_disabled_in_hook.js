// rows: test-async-hooks-disable-during-promise.js
'use strict';
const t = require('../support/trace.js');

// exception: Node counts wrong inside of a hook, and never takes its hooks off
// the engine
const hook = t.hook('', { events: ['init', 'before', 'after'],
  on: (word) => { if (word === 'before') hook.disable(); } });
const settled = (text) => Promise.resolve().then(() => t.where(text));

hook.enable();
settled('disables');
setImmediate(() => settled('later'));

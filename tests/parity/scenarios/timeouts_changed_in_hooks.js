'use strict';
const { createHook } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
let left = 2;
const first = setTimeout(() => t.where('first'), 1);
const second = setTimeout(() => t.where('second'), 1);
const third = setTimeout(() => t.where('third'), 1);
createHook({
  before() { clearTimeout(second); },
  after() {
    if (--left >= 0) first.refresh();
    else clearTimeout(third);
  },
}).enable();
for (const due = Date.now() + 4; Date.now() < due;) continue;

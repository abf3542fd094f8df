'use strict';
const t = require('../support/trace.js');

t.start();
let fired = 0;
const timeout = setTimeout(() => {
  t.where('fired');
  if (++fired === 2) return;
  setImmediate(() => {
    t.print('refresh');
    timeout.refresh();
  });
}, 20);

// rows: test-timers.setTimeout.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
const never = setTimeout(() => t.print('never'), 60000);
clearTimeout(never);
never.refresh();

// Cleared when it has fired, it has lost its callback only.
setImmediate(() => {
  const fired = setTimeout(() => {
    t.where('fired');
    setImmediate(() => {
      clearTimeout(fired);
      t.print(`refresh ${fired.hasRef()}`);
      fired.refresh();
    });
  }, 1);
});

// rows: test-timers.setInterval.js
'use strict';
const { setInterval } = require('timers/promises');
const t = require('../support/trace.js');

t.start({ only: ['Timeout'] });
(async () => {
  let rounds = 0;
  for await (const value of setInterval(1, 'value')) {
    t.print(`${value} ${++rounds}`);
    if (rounds === 3) break;
  }
  t.print('left');
})();
t.print('asked');

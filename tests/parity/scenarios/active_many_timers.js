// rows: test-process-getactiveresources-track-multiple-timers.js
'use strict';
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
for (let i = 0; i < 100; i++) setTimeout(() => {}, 5);
show('a hundred');
setTimeout(() => show('the last'), 400);

// rows: test-process-getactiveresources-track-multiple-timers.js
'use strict';
const t = require('../support/trace.js');

const count = () => t.print(`timeouts ${process.getActiveResourcesInfo()
  .filter((type) => type === 'Timeout').length}`);
for (let i = 0; i < 100; i++) setTimeout(() => {}, 5);
count();
setTimeout(count, 200);

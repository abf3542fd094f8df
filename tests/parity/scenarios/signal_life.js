// rows: test-signalwrap.js test-graph.signal.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['SIGNALWRAP'] });
const alive = setInterval(() => {}, 5000);
let count = 0;
process.on('SIGUSR2', () => {
  t.where('signal');
  if (++count === 2) {
    process.removeAllListeners('SIGUSR2');
    clearInterval(alive);
  } else {
    process.kill(process.pid, 'SIGUSR2');
  }
});
process.kill(process.pid, 'SIGUSR2');

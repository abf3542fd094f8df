// rows: test-signalwrap.js test-graph.signal.js
'use strict';
const t = require('../support/trace.js');

t.start({
  only: ['SIGNALWRAP', 'Timeout'],
  events: ['init', 'before', 'after'],
});
const alive = setInterval(() => {}, 5000);
process.on('SIGUSR2', () => {
  setTimeout(() => {
    t.where('made in the handler');
    process.removeAllListeners('SIGUSR2');
    process.on('SIGUSR2', () => {
      t.where('the second');
      process.removeAllListeners('SIGUSR2');
      clearInterval(alive);
    });
    process.kill(process.pid, 'SIGUSR2');
  }, 1);
});
process.kill(process.pid, 'SIGUSR2');

// rows: test-signalwrap.js test-unhandled-exception-valid-ids.js
'use strict';
const t = require('../support/trace.js');

t.start({ only: ['SIGNALWRAP', 'TickObject'] });
process.on('uncaughtException', (error) => t.where(error.message));
let calls = 0;
const onSignal = () => {
  t.where(`signal ${++calls}`);
  process.nextTick(() => t.where(`tick ${calls}`));
  if (calls === 1) {
    process.kill(process.pid, 'SIGUSR2');
    throw new Error('failed');
  }
  process.removeListener('SIGUSR2', onSignal);
};
process.on('SIGUSR2', onSignal);
process.kill(process.pid, 'SIGUSR2');
const keep = setInterval(() => { if (calls === 2) clearInterval(keep); }, 1);

// rows: test-async-hooks-correctly-switch-promise-hook.js
'use strict';
const t = require('../support/trace.js');

t.promises();
process.on('unhandledRejection', (error) =>
  t.print(`unhandled ${error.message}`));
Promise.resolve().then(() => Promise.reject(new Error('inner')))
  .catch((error) => { t.where(error.message); })
  .finally(() => { throw new Error('in finally'); });

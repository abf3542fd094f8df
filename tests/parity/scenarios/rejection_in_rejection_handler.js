// rows: test-unhandled-rejection-context.js
'use strict';
const t = require('../support/trace.js');

process.on('unhandledRejection', (error) => {
  t.print(`unhandled ${error.message}`);
  if (error.message !== 'first') return;
  const late = Promise.reject(new Error('caught in a microtask'));
  queueMicrotask(() => late.catch(() => t.print('caught')));
  Promise.reject(new Error('second'));
  process.nextTick(() => t.print('tick'));
});
Promise.reject(new Error('first'));
Promise.reject(new Error('other'));

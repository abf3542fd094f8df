// rows: node-api/test_async
'use strict';
const fs = require('fs');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start({ only: ['WORK'] });
const task = new AsyncResource('WORK');
t.print('submitted');
fs.access('.', () => {
  task.runInAsyncScope(() => t.where('done'));
  task.emitDestroy();
});

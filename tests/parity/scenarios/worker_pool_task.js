// rows: node-api/test_async
// The pool of the documents: a Worker, and an AsyncResource for each task. What
// its thread does has ids of its own and is not looked at.
'use strict';
const { Worker } = require('worker_threads');
const { AsyncLocalStorage: ALS, AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const worker = new Worker(`
  const { parentPort } = require('worker_threads');
  parentPort.on('message', (number) => parentPort.postMessage(2 * number));
`, { eval: true });
let running;
worker.on('message', (result) => {
  const { task, done } = running;
  task.runInAsyncScope(done, null, result);
  task.emitDestroy();
});
const submit = (number, done) => {
  running = { task: new AsyncResource('WORK'), done };
  worker.postMessage(number);
};

t.start({ only: ['WORK', 'CALLER', 'MADE'] });
const caller = new AsyncResource('CALLER');
caller.runInAsyncScope(() => storage.run('of the caller', () => {
  submit(21, (result) => {
    t.where(`done ${result}`);
    t.store('done', storage);
    new AsyncResource('MADE').emitDestroy();
    process.nextTick(() => t.where('tick'));
    setImmediate(second);
  });
  t.where('submitted');
}));

function second() {
  storage.run('of the callback', () => submit(4, (result) => {
    t.where(`done ${result}`);
    t.store('done', storage);
    worker.terminate();
  }));
}

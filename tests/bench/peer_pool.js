// Worker threads behind a queue, with an AsyncResource for each task so that its
// callback has the context of who asked: what Node's documents show.
'use strict';
const { AsyncResource } = require('node:async_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

class Task extends AsyncResource {
  constructor(input, done) {
    super('PoolTask');
    this.input = input;
    this.done = done;
  }

  finish(output) {
    this.runInAsyncScope(this.done, null, output);
    this.emitDestroy();
  }
}

class Pool {
  constructor(threads) {
    this.idle = [];
    this.waiting = [];
    for (let i = 0; i < threads; i++)
      this.add();
  }

  add() {
    const worker = new Worker(__filename);
    worker.on('message', (output) => this.end(worker, output));
    worker.on('error', (error) => { throw error; });
    this.idle.push(worker);
  }

  end(worker, output) {
    worker.task.finish(output);
    this.idle.push(worker);
    this.next();
  }

  next() {
    if (this.idle.length === 0 || this.waiting.length === 0)
      return;
    const worker = this.idle.pop();
    worker.task = this.waiting.shift();
    worker.postMessage(worker.task.input);
  }

  run(input, done) {
    this.waiting.push(new Task(input, done));
    this.next();
  }
}

if (isMainThread)
  module.exports = Pool;
else
  parentPort.on('message', ({ a, b }) => parentPort.postMessage(a + b));

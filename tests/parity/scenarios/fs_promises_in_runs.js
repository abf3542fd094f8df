'use strict';
const fsPromises = require('fs/promises');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
const show = (text) => t.store(text, storage);
process.on('unhandledRejection', (error) => show(`unhandled ${error.code}`));
const asked = storage.run('asks', () => fsPromises.stat('not there'));
storage.run('catches', () => asked.catch((error) => {
  show(`caught ${error.code}`);
  storage.enterWith('entered');
  return fsPromises.access('.').then(() => show('accessed'));
}).finally(() => {
  show('finally');
  storage.run('forgets', () => { fsPromises.stat('not there either'); });
}));

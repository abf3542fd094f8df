// rows: test-zlib.zlib-binding.deflate.js
// Without destroy, which for the handle is the garbage collector's.
'use strict';
const zlib = require('zlib');
const { AsyncLocalStorage: ALS } = require('async_hooks');
const t = require('../support/trace.js');

const storage = new ALS();
let deflate;
t.start({ only: ['ZLIB'], events: ['init', 'before', 'after'] });
storage.run('of the maker', () => { deflate = zlib.createDeflate(); });
const write = (name, done) => {
  deflate.write('abc', () => {
    t.where(name);
    setImmediate(done);
  });
};
storage.run('of the writer', () => write('first', () => {
  write('second', () => deflate.destroy());
}));

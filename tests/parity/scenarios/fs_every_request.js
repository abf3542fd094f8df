// rows: test-async-wrap-getasyncid.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

const file = { fd: -1 };
const buffer = Buffer.from('content');
const steps = [
  ['mkdir', (done) => fs.mkdir('directory', done)],
  ['open', (done) => fs.open('file', 'w+', (error, fd) => {
    file.fd = fd;
    done(error);
  })],
  ['write', (done) => fs.write(file.fd, buffer, 0, 7, 0, done)],
  ['read', (done) => fs.read(file.fd, buffer, 0, 7, 0, done)],
  ['fsync', (done) => fs.fsync(file.fd, done)],
  ['fdatasync', (done) => fs.fdatasync(file.fd, done)],
  ['ftruncate', (done) => fs.ftruncate(file.fd, 3, done)],
  ['fchmod', (done) => fs.fchmod(file.fd, 0o600, done)],
  ['futimes', (done) => fs.futimes(file.fd, 1, 1, done)],
  ['fstat', (done) => fs.fstat(file.fd, done)],
  ['close', (done) => fs.close(file.fd, done)],
  ['stat', (done) => fs.stat('file', done)],
  ['lstat', (done) => fs.lstat('file', done)],
  ['statfs', (done) => fs.statfs('file', done)],
  ['chmod', (done) => fs.chmod('file', 0o600, done)],
  ['utimes', (done) => fs.utimes('file', 1, 1, done)],
  ['lutimes', (done) => fs.lutimes('file', 1, 1, done)],
  ['link', (done) => fs.link('file', 'link', done)],
  ['symlink', (done) => fs.symlink('file', 'symlink', done)],
  ['readlink', (done) => fs.readlink('symlink', done)],
  ['realpath', (done) => fs.realpath.native('symlink', done)],
  ['rename', (done) => fs.rename('link', 'renamed', done)],
  ['copyfile', (done) => fs.copyFile('file', 'copy', done)],
  ['mkdtemp', (done) => fs.mkdtemp('directory/x', (error, path) => {
    file.directory = path;
    done(error);
  })],
  ['scandir', (done) => fs.readdir('.', done)],
  ['unlink', (done) => fs.unlink('copy', done)],
  ['rmdir', (done) => fs.rmdir(file.directory, done)],
];
t.start();
function next(i) {
  if (i === steps.length) return;
  steps[i][1]((error) => {
    t.where(`${steps[i][0]} ${error ? error.code : 'done'}`);
    next(i + 1);
  });
}
next(0);

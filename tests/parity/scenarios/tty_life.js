// rows: test-ttywrap.readstream.js test-async-wrap-getasyncid-tty.js
// needs: /dev/ptmx
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

const { TTY } = process.binding('tty_wrap');
const fd = fs.openSync('/dev/ptmx', 'r+');
t.start();
const tty = new TTY(fd, {});
t.print(`id ${tty.getAsyncId() > 0}`);
tty.close(() => t.where('closed'));

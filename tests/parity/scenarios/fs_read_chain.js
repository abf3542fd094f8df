// rows: test-fsreqcallback-readFile.js test-graph.fsreq-readFile.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

fs.writeFileSync('file', 'content');
t.start();
const buffer = Buffer.alloc(16);
fs.open('file', 'r', (error, fd) => {
  t.where('open');
  fs.fstat(fd, (error, stat) => {
    t.where(`fstat ${stat.size}`);
    fs.read(fd, buffer, 0, 16, 0, (error, count) => {
      t.where(`read ${count}`);
      fs.close(fd, () => t.where('close'));
    });
  });
});

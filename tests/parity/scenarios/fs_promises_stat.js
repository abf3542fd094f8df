// The request of a promise is FSREQPROMISE. Node's own promises around it are
// left out: they are those of its async functions.
'use strict';
const fs = require('fs');
const fsPromises = require('fs/promises');
const t = require('../support/trace.js');

fs.writeFileSync('file', 'content');
t.start({ only: ['FSREQPROMISE'] });
fsPromises.stat('file').then((stat) => {
  t.print(`size ${stat.size}`);
  return fsPromises.stat('not there');
}).catch((error) => t.print(error.code));
t.print('asked');

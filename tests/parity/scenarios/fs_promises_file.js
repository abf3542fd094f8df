// A file from open to close, by its requests.
'use strict';
const fs = require('fs');
const fsPromises = require('fs/promises');
const t = require('../support/trace.js');

fs.writeFileSync('file', 'content');
t.start({ only: ['FSREQPROMISE', 'FILEHANDLECLOSEREQ'] });
const buffer = Buffer.alloc(16);
let handle;
fsPromises.open('file').then((opened) => {
  t.print('open');
  handle = opened;
  return handle.read(buffer, 0, 16, 0);
}).then(({ bytesRead }) => {
  t.print(`read ${bytesRead}`);
  return handle.close();
}).then(() => t.print('closed'));

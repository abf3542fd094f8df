// The FileHandle itself.
'use strict';
const fs = require('fs');
const fsPromises = require('fs/promises');
const t = require('../support/trace.js');

fs.writeFileSync('file', 'content');
t.hook('', { only: ['FILEHANDLE'], events: ['init'] }).enable();
fsPromises.open('file').then((handle) => {
  t.print('open');
  return handle.close();
}).then(() => t.print('closed'));

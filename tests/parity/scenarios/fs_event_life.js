// rows: test-fseventwrap.js
'use strict';
const fs = require('fs');
const t = require('../support/trace.js');

t.start({ only: ['FSEVENTWRAP'] });
const watcher = fs.watch('.', () => {});
t.print('watching');
watcher.close();

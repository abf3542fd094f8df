'use strict';
const t = require('../support/trace.js');

t.promises();
const other = Promise.resolve('value');
new Promise((resolve) => resolve(other)).then(() => t.where('then'));

'use strict';
const t = require('../support/trace.js');

t.promises();
Promise.reject(1).then(() => t.print('never')).catch(() => t.where('caught'));

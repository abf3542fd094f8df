'use strict';
const t = require('../support/trace.js');

t.promises();
Promise.reject(1).catch(() => t.where('caught'));

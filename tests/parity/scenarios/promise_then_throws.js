'use strict';
const t = require('../support/trace.js');

t.promises();
Promise.resolve()
  .then(() => { throw new Error('thrown'); })
  .catch((error) => t.where(error.message));

'use strict';
const t = require('../support/trace.js');

t.refused('a timeout of 25 days',
  () => setTimeout(() => t.print('fired'), 2 ** 31));

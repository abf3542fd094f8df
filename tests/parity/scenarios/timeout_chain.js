// rows: test-graph.timeouts.js
'use strict';
const t = require('../support/trace.js');

t.start();
setTimeout(() => setTimeout(() => setTimeout(() => t.where('third'), 20), 20),
           20);

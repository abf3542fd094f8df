// rows: test-process-getactiveresources-track-active-requests.js test-process-getactiverequests.js
'use strict';
const fs = require('fs');
const dns = require('dns');
const t = require('../support/trace.js');

const show = (text) => t.print(`${text}: ` +
  process.getActiveResourcesInfo().join(' '));
let left = 12;
for (let i = 0; i < 12; i++) {
  fs.access('.', () => {
    if (--left > 0) return;
    show('in the last');
    dns.lookup('localhost', () => show('in the lookup'));
    show('and a lookup');
  });
}
show('twelve');

// rows: test-promise.js
'use strict';
const t = require('../support/trace.js');

t.promises();
let settleInner, settleOuter;
const inner = new Promise((resolve) => { settleInner = resolve; });
const outer = new Promise((resolve) => { settleOuter = resolve; });
outer.then(() => t.where('outer'));
settleOuter(inner);
settleOuter('too late');
inner.then(() => t.where('inner'));
setImmediate(() => {
  t.print('settling');
  settleInner();
  t.print('settled');
});

// rows: test-async-await.js test-async-hooks-async-await.js
'use strict';
const t = require('../support/trace.js');

t.promises();
async function main() {
  await 0;
  t.where('after await');
}
main().then(() => t.where('main is done'));

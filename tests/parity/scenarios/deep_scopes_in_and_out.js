// rows: test-async-hooks-recursive-stack-runInAsyncScope.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

function recurse(depth) {
  const resource = new AsyncResource(`R`,
                                     { triggerAsyncId: 2000 + depth });
  resource.runInAsyncScope(() => {
    if (depth % 100 === 0) t.where(`in ${depth}`);
    if (depth < 1000) recurse(depth + 1);
    if (depth % 100 === 0) t.where(`out ${depth}`);
  });
}
recurse(1);
t.where('end');

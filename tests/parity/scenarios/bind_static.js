// rows: test-asyncresource-bind.js
'use strict';
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

t.start();
const bound = AsyncResource.bind((argument) => {
  t.where(`called with ${argument}`);
});
bound('one');
bound('two');

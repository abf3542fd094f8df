// rows: test-eventemitter-asyncresource.js
'use strict';
const t = require('../support/trace.js');

const { EventEmitterAsyncResource } = require('events');
t.start();
new EventEmitterAsyncResource({ name: 'named', triggerAsyncId: 123 });

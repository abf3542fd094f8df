// rows: test-eventemitter-asyncresource.js
'use strict';
const t = require('../support/trace.js');

const { EventEmitterAsyncResource } = require('events');
t.start();
class Foo extends EventEmitterAsyncResource {}
const foo = new Foo();
foo.on('event', (argument) => t.where(`first listener ${argument}`));
foo.on('event', () => t.where('second listener'));
foo.emit('event', 'given');
t.print(`id #${foo.asyncId} trigger #${foo.triggerAsyncId}`);
foo.emitDestroy();
setImmediate(() => t.print('immediate'));

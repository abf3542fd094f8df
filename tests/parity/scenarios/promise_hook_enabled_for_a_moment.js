// rows: test-async-hooks-promise-enable-disable.js
'use strict';
const t = require('../support/trace.js');

const older = Promise.withResolvers();
process.on('unhandledRejection', (reason) => t.where(`unhandled ${reason}`));
const hook = t.hook('', { events: ['init', 'before', 'after', 'resolve'] });
hook.enable();
hook.disable();
older.promise.then(() => t.where('then'), () => t.where('caught'));
Promise.withResolvers().reject('first');
older.reject('second');
setImmediate(() => Promise.withResolvers().reject('third'));

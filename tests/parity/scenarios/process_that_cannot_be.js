'use strict';
const { Process } = process.binding('process_wrap');
const t = require('../support/trace.js');

t.start();
const child = new Process();
child.onexit = () => t.where('exit');
const error = child.spawn('/nowhere/program', ['program'], undefined, undefined,
                          [], 0);
t.print(`spawned ${error === 0}`);
child.close(() => t.where('closed'));
setImmediate(() => t.where('immediate'));

// rows: test-diagnostics-channel-tracing-channel-callback-run-stores.js
'use strict';
const { tracingChannel } = require('diagnostics_channel');
const t = require('../support/trace.js');

// Of a call and of its callback each, whether anybody hears is asked when it
// begins.
const channel = tracingChannel('test');
const say = (text) => () => t.print(text);
const trace = (text) => channel.traceCallback((callback) => {
  t.print(`call ${text}`);
  channel.end.subscribe(say(`end, heard since ${text}`));
  callback(null, 'result');
}, 0, {}, undefined, () => {
  t.print(`callback ${text}`);
  channel.asyncEnd.subscribe(say(`asyncEnd, heard since ${text}`));
});

channel.error.subscribe(say('never'));
trace('first');
trace('second');

// rows: test-track-promises-false.js
'use strict';
const t = require('../support/trace.js');

const events = ['init', 'before', 'after'];
const tracking = t.hook('tracking', { events });
const other = t.hook('other', { events, trackPromises: false });
const settled = (text) => Promise.resolve().then(() => t.where(text));

tracking.enable();
other.enable();
settled('both');
tracking.disable();
settled('at once');
setImmediate(() => {
  settled('later'); // the engine's hooks stay as long as a hook is left
  other.disable();
  settled('none');
  setImmediate(() => {
    settled('without ids');
    other.enable();
    settled('other again');
  });
});

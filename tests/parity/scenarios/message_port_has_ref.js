// rows: test-messageport-hasref.js test-worker-message-port-inspect-during-init-hook.js
'use strict';
const ah = require('async_hooks');
const { MessageChannel } = require('worker_threads');
const t = require('../support/trace.js');

ah.createHook({ init(id, type, trigger, resource) {
  if (type === 'MESSAGEPORT') t.print(`in init ${resource.hasRef()}`);
} }).enable();
const { port1, port2 } = new MessageChannel();
const show = (text) => t.print(`${text} ${port1.hasRef()} ${port2.hasRef()}`);
const drop = () => {};
show('made');
port1.ref();
show('ref');
port1.unref();
show('unref');
port1.on('message', drop);
port2.on('message', drop);
show('listen');
port2.off('message', drop);
show('off');
port1.on('close', () => t.print(`closed ${port1.hasRef()}`));
port2.close();
show('closing');

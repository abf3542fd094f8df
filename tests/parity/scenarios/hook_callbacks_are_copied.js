'use strict';
const ah = require('async_hooks');
const { AsyncResource } = require('async_hooks');
const t = require('../support/trace.js');

const callbacks = { init: (id, type) => t.print(`first init ${type}`) };
ah.createHook(callbacks).enable();
callbacks.init = () => t.print('not reached');
callbacks.before = () => t.print('not reached');
new AsyncResource('R').runInAsyncScope(() => t.print('callback'));

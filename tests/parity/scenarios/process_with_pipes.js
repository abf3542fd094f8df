// rows: test-pipewrap.js test-graph.pipe.js
'use strict';
const cp = require('child_process');
const t = require('../support/trace.js');

t.start({ only: ['PROCESSWRAP', 'PIPEWRAP'], events: ['init'] });
const child = cp.spawn('/bin/sh', ['-c', 'exit 0']);
child.on('exit', (code) => t.where(`exit ${code}`));
t.print('spawned');

// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(301, 324, [['init', 'before', 'after', 'resolve'], ['init', 'before', 'after']], { toggle: true });

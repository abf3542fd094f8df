// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(601, 612, [['init', 'before', 'after', 'resolve'], ['init', 'before', 'after', 'blind']], { toggle: true });

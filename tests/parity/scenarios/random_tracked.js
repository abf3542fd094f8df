// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(1, 12, [['init', 'before', 'after', 'resolve'], ['destroy']]);

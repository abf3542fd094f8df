// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(401, 412, [['init', 'before', 'after', 'resolve'], ['destroy']], { disable: true });

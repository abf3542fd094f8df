// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(501, 512, [['init', 'before', 'after', 'resolve'], ['destroy']], { unasked: true });

// without: the destroy of promises, which is the garbage collector's
'use strict';
require('../support/random.js')(201, 212, [['init', 'before', 'after']]);

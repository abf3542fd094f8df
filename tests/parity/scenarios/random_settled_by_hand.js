'use strict';
require('../support/random.js')(1, 12, [['before', 'after', 'resolve']], { held: true });

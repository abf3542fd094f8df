'use strict';
require('../support/random.js')(701, 712, [['init', 'before', 'after', 'destroy', 'blind'], ['init', 'before', 'after', 'destroy', 'blind']], { toggle: true, inside: true });

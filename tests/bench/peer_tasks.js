// Tasks per second of the pool of Node's documents: so many in hand, each that
// is done asks for one more. usage: node peer_tasks.js THREADS IN_HAND MS
'use strict';
const Pool = require('./peer_pool.js');

const [threads, inHand, ms] = process.argv.slice(2).map(Number);
const WARM_MS = 500;
const pool = new Pool(threads);
let began, warmed, done = 0;

const end = (now) => {
  console.log((done / (now - warmed) * 1000).toFixed(0));
  process.exit();
};

const next = () => pool.run({ a: 42, b: 100 }, () => {
  const now = performance.now();
  began ??= now;
  if (warmed !== undefined)
    done++;
  else if (now - began > WARM_MS)
    warmed = now;
  if (now - warmed > ms)
    end(now);
  next();
});

for (let i = 0; i < inHand; i++)
  next();

// A process that saves checkpoints without end, for tests that kill it: DIR, then the number of weights of each.

import { createCheckpointStore } from '../../src/checkpoint/store.ts';
import { checkpointOf } from './checkpoints.ts';

const [dir, weights] = process.argv.slice(2);
const store = createCheckpointStore({ dir, name: 'fraud', keep: 3 });
await store.open();
const found = await store.newest((path, why) => {
  console.log(`damaged ${path}: ${why}`);
});
for (let sequence = (found?.sequence ?? 0) + 1; ; sequence += 1) {
  await store.save(checkpointOf(sequence, Number(weights)));
  console.log(`saved ${sequence}`);
}

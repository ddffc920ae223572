// What a process does whose engine may have no WebAssembly SIMD: opens two learners, feeds one, and prints what it heard and
// the weights it got. With `none` as argument it has no WebAssembly at all.

import { createLearner } from '../../src/learner/create-learner.ts';
import { fallbackBlock, fallbackSpec } from './fallback-case.ts';

if (process.argv[2] === 'none') Reflect.deleteProperty(globalThis, 'WebAssembly');
const messages: string[] = [];
const onFallback = (message: string): void => {
  messages.push(message);
};
const learner = createLearner(fallbackSpec, { onFallback });
createLearner(fallbackSpec, { onFallback });
learner.learn(fallbackBlock);
console.log(JSON.stringify({ messages, digest: learner.weightsDigest() }));

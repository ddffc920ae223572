// SIGINT and SIGTERM: the first asks the run to finish what is in flight, the second leaves at once. Neither waits for
// ever: what cannot be finished (no broker answers, nobody reads the output) is left to the next start.

import { say } from '../console.ts';

/** How long finishing may take; whoever sends SIGTERM follows with SIGKILL before long. */
const patienceMs = 9000;

/** A signal that aborts when the process is told to end, and a way to stop listening. */
export function listenForShutdown(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    say(`${name}: finishing what is in flight; once more leaves at once`);
    deadline = setTimeout(() => {
      say(`not finished after ${patienceMs / 1000} s: leaving`);
      process.exit(1);
    }, patienceMs);
    deadline.unref();
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(deadline);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

// SIGINT and SIGTERM: the first asks the run to finish what is in flight, the second leaves at once.

import { say } from '../console.ts';

/** A signal that aborts when the process is told to end, and a way to stop listening. */
export function listenForShutdown(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    say(`${name}: finishing what is in flight; once more leaves at once`);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

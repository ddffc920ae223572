// Keeps one harmless warning off the terminal: kafkajs 2.2.4 sets a timer with a negative time (its issue #1751), of
// which Node 24 warns once in every process.

let hushed = false;

/** Drops Node's TimeoutNegativeWarning from now on; every other warning is told as before. */
export function hushTimerWarning(): void {
  if (hushed) return;
  hushed = true;
  process.emitWarning = new Proxy(process.emitWarning, {
    apply: (emit, self, args) => {
      if (args[1] !== 'TimeoutNegativeWarning') Reflect.apply(emit, self, args);
    },
  });
}

// Runs asynchronous actions one after the other, so that overlapping calls of a sink cannot mix their bytes.

/** Returns a function that starts each action when the ones before it have settled, and gives its result. */
export function createSerial(): <T>(action: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const result = last.then(action);
    last = result.catch(() => {});
    return result;
  };
}

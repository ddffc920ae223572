// Tells from an answer of Kafka's, through whichever client it came, that this user may not do what was asked.

/** Kafka's names of such answers, and the kind of thing that the right is on. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['TOPIC_AUTHORIZATION_FAILED', 'topic'],
  ['GROUP_AUTHORIZATION_FAILED', 'group'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'cluster'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'transactional id'],
]);

/** What this user lacks a right on, by an error, what caused it or what it holds; null where that is not why it failed. */
export function missingRight(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 5) return null;
  // kafkajs names an answer `type`, @platformatic/kafka `apiId`.
  const names = ['type' in error ? error.type : null, 'apiId' in error ? error.apiId : null];
  for (const name of names) {
    const kind = kinds.get(String(name));
    if (kind) return kind;
  }
  const held: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  for (const inner of [error.cause, ...held]) {
    const kind = missingRight(inner, depth + 1);
    if (kind) return kind;
  }
  return null;
}

// Every way Millrace can fail on purpose: one class, one catalogue of codes. docs/errors.md is checked against it.

/** What a code means, what a user does about it, and the exit code the process ends with. */
interface ErrorEntry {
  readonly summary: string;
  readonly remedy: string;
  readonly exitCode: 1 | 2;
}

export const errorCatalogue = {
  'usage-invalid': {
    summary: 'A command, option or argument on the command line is not understood.',
    remedy: 'Run `millrace --help`, or `millrace COMMAND --help`.',
    exitCode: 2,
  },
  'config-unreadable': {
    summary: 'The configuration file cannot be read, or is not YAML.',
    remedy: 'Check the path after `-c` and the line named in the message.',
    exitCode: 2,
  },
  'config-invalid': {
    summary: 'The configuration has mistakes; each is listed with its path.',
    remedy: 'Mend the keys named; `millrace lint -c FILE` checks without running.',
    exitCode: 2,
  },
  'config-secret-unreadable': {
    summary: 'A secret file that a `*_FILE` variable or `tls` names cannot be read, or holds no certificate or key.',
    remedy: 'Mount the file, or correct the path; certificates and keys are PEM.',
    exitCode: 2,
  },
  'source-missing': {
    summary: 'The input file does not exist or cannot be read.',
    remedy: 'Check `source.file.path`.',
    exitCode: 1,
  },
  'source-empty': {
    summary: 'A CSV input has no header line, so its columns are unknown.',
    remedy: 'Give the file a header line, or use NDJSON.',
    exitCode: 1,
  },
  'source-header': {
    summary: 'The CSV header does not have the columns that the schema asks for, or names one twice.',
    remedy: 'Compare the header named in the message with `schema`.',
    exitCode: 1,
  },
  'source-shrunk': {
    summary: 'The input ends before the position the checkpoint vouches for.',
    remedy: 'Restore the input, or start anew with another `checkpoint.dir`.',
    exitCode: 1,
  },
  'sink-unwritable': {
    summary: 'An output file or folder cannot be created or written.',
    remedy: 'Check that the folder exists, its permissions and the free space.',
    exitCode: 1,
  },
  'sink-shrunk': {
    summary: 'An output file is shorter than the checkpoint vouches for.',
    remedy: 'Restore the file, or start anew with another `checkpoint.dir` and another output.',
    exitCode: 1,
  },
  'kafka-unreachable': {
    summary: 'No broker answered within the retries.',
    remedy: 'Check `source.kafka.brokers`, the network and that the broker is up.',
    exitCode: 1,
  },
  'kafka-authentication': {
    summary: 'The brokers do not take who this client says it is.',
    remedy: 'Check `sasl` (mechanism, user name, password or token) and that the user is known to the cluster.',
    exitCode: 1,
  },
  'kafka-not-authorized': {
    summary: 'The cluster knows this user, who may not do what the message says.',
    remedy: 'Grant the right that is missing; docs/secured-kafka.md lists those that a run needs.',
    exitCode: 1,
  },
  'kafka-tls': {
    summary: 'The TLS connection to a broker was refused, by it or by this client.',
    remedy:
      "Check `tls.ca` against the brokers' certificates, their host names and dates, and `tls.cert` and `tls.key`.",
    exitCode: 1,
  },
  'kafka-topic-missing': {
    summary: 'A topic does not exist and Millrace does not create data topics.',
    remedy: 'Create it with the command in the message, or correct its name.',
    exitCode: 1,
  },
  'kafka-offset-out-of-range': {
    summary: 'The position to resume from is outside what the partition still holds.',
    remedy: 'Lengthen the retention of the topic. What to do now is in the message.',
    exitCode: 1,
  },
  'kafka-produce-incomplete': {
    summary: 'The broker did not confirm every record of a send.',
    remedy: 'Start again: Millrace resumes from the checkpoint.',
    exitCode: 1,
  },
  'kafka-record-too-large': {
    summary: 'A prediction, with the key and headers of its sample, is larger than its topic takes.',
    remedy: 'Raise `max.message.bytes` of the topic named in the message; then start again.',
    exitCode: 1,
  },
  'kafka-batch-too-large': {
    summary:
      'A compressed batch of records would become longer than the limit, 256 times `source.kafka.maxBytesPerPartition`.',
    remedy: 'Raise `source.kafka.maxBytesPerPartition` if the batch is sound; then start again: nothing is lost.',
    exitCode: 1,
  },
  'kafka-failed': {
    summary: 'The Kafka client reported an error that retrying did not mend.',
    remedy: 'See the cause in the message; start again to resume from the checkpoint.',
    exitCode: 1,
  },
  fenced: {
    summary: 'Another instance of the same name has taken over, or this one was asleep for longer than its timeouts.',
    remedy: 'Nothing is lost. Start it again: it stands by while another instance runs, else it goes on.',
    exitCode: 1,
  },
  'transaction-failed': {
    summary: 'A transaction was aborted, or its outcome stayed unknown, and recovering went on failing.',
    remedy: 'See the cause in the message; start again once the brokers are well: nothing is lost and nothing doubled.',
    exitCode: 1,
  },
  'commit-unknown': {
    summary: 'A broker did not say whether a transaction was committed, and recovering from that went on failing.',
    remedy: 'See the cause in the message; start again once the brokers are well: the outcome is then looked up.',
    exitCode: 1,
  },
  'journal-damaged': {
    summary: 'The journal topic holds a record that Millrace has not written, or lacks its beginning.',
    remedy: 'Restore the topic, or start anew with another `name`.',
    exitCode: 1,
  },
  'replay-differs': {
    summary: 'Learning again what the journal lists did not give the weights that it vouches for.',
    remedy: 'Undo the change to configuration, version or input that came since; a clean stop lets you make it.',
    exitCode: 1,
  },
  'offsets-differ': {
    summary: "The group's committed offsets are not those of the journal: somebody has moved or lost them.",
    remedy: 'Reset them to the positions in the message, or accept the difference as the message says.',
    exitCode: 1,
  },
  'verify-empty': {
    summary: '`millrace verify` found nothing to learn again, so it has compared nothing.',
    remedy: 'Let the run learn and commit first, or begin with an older checkpoint, or with none.',
    exitCode: 1,
  },
  'topic-recreated': {
    summary: 'The input topic was deleted and created again since the model was last saved.',
    remedy:
      'To go on with the model on the new topic start once with `--accept recreated-topic`, else use another `name`.',
    exitCode: 1,
  },
  'partitions-added': {
    summary: 'The input topic has more partitions than when the model was last saved.',
    remedy: 'If that was meant, start once with `--accept added-partitions`.',
    exitCode: 1,
  },
  'already-running': {
    summary: 'Another process of this machine writes the same checkpoints or the same output file.',
    remedy:
      'End it first, or give this run a `name`, a `checkpoint.dir` and outputs of its own. Processes in two containers that share ' +
      'a volume do not see each other: there it is for you to see that one writes at a time.',
    exitCode: 1,
  },
  'checkpoint-unwritable': {
    summary: 'A checkpoint cannot be written.',
    remedy: 'Check `checkpoint.dir`: permissions and free space.',
    exitCode: 1,
  },
  'checkpoint-damaged': {
    summary: 'A checkpoint file fails its SHA-256 or cannot be parsed.',
    remedy: 'Nothing while an older one is sound: it is used. Else start anew with another `checkpoint.dir`.',
    exitCode: 1,
  },
  'checkpoint-missing': {
    summary: 'There is no checkpoint to predict with.',
    remedy: 'Run the configuration first with `checkpoint` set, or name a file with `--from`.',
    exitCode: 1,
  },
  'checkpoint-mismatch': {
    summary: 'The newest checkpoint belongs to another network, schema or input than the configuration.',
    remedy: 'Undo the change, or start anew with another `name` or `checkpoint.dir`.',
    exitCode: 1,
  },
  'http-port-in-use': {
    summary: 'The HTTP port is taken by another process.',
    remedy: 'Set `http.port` to another port, to 0 for any free one, or `http: false`.',
    exitCode: 1,
  },
  'http-failed': {
    summary: 'The HTTP server cannot listen on the address given.',
    remedy: 'Check `http.host` and `http.port`.',
    exitCode: 1,
  },
  'learning-refused': {
    summary: 'A step would have made a weight non-finite; it was refused and learning has stopped.',
    remedy: 'Lower `model.optimizer.learningRate`, scale the inputs or set `model.clipNorm`; then start again.',
    exitCode: 1,
  },
  'golden-unreadable': {
    summary: 'A golden case cannot be read or is not of the format `mlp-golden/1`.',
    remedy: 'Check the folder given and the file named.',
    exitCode: 1,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An expected failure: its message names the thing, the place and the remedy, and is all a user sees of it. */
export class MillraceError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MillraceError';
    this.code = code;
  }

  /** The process exit code this failure ends with: 2 for bad usage or configuration, else 1. */
  get exitCode(): 1 | 2 {
    return errorCatalogue[this.code].exitCode;
  }
}

/** The message of anything thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

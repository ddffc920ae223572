// The options that every command with a configuration has.

/** `-c`, `--set` and `--json`. */
export interface CommonOptions {
  readonly config: string;
  readonly set: readonly string[];
  readonly json: boolean;
}

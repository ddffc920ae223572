// What goes to the terminal: logs and progress to stderr, results to stdout. The only place that writes to either.

import { errorCatalogue, MillraceError } from '../errors.ts';

/** The line that is kept at the bottom of a terminal while a run goes on; null where there is none. */
let statusLine: string | null = null;

const eraseLine = '\r\u001b[K';

/** Whether stderr is a terminal, the only place where a line can be drawn over. */
export function isTerminal(): boolean {
  return process.stderr.isTTY === true;
}

/** Characters that a line may have without wrapping; of a terminal that does not tell its width, what most have. */
export function lineWidth(): number {
  return (process.stderr.columns || 80) - 1;
}

/** Draws the status line anew, cut to the width of the terminal; null takes it away. Nothing where stderr is no terminal. */
export function showStatus(text: string | null): void {
  if (!isTerminal()) return;
  statusLine = text?.slice(0, lineWidth()) ?? null;
  process.stderr.write(`${eraseLine}${statusLine ?? ''}`);
}

/** Lines to stderr, above the status line. */
function writeError(text: string): void {
  if (statusLine === null) process.stderr.write(text);
  else process.stderr.write(`${eraseLine}${text}${statusLine}`);
}

/** One line to stderr, with the program's name before it. */
export function say(message: string): void {
  writeError(`millrace: ${message}\n`);
}

/** A result to stdout: one JSON line, or text. Where nobody takes it (`| head`, a full disk) the exit code is 1. */
export function printResult(result: unknown): void {
  process.stdout.once('error', (error) => {
    const message = `the result cannot be written to standard output: ${error.message}`;
    process.exitCode = tellFailure(new MillraceError('sink-unwritable', message));
  });
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}

/** Tells of a failure and returns the exit code: what to do about an expected one, the stack of a defect. */
export function tellFailure(error: unknown): number {
  if (error instanceof MillraceError) {
    say(`error: ${error.message}`);
    writeError(`  what to do: ${errorCatalogue[error.code].remedy} [${error.code}]\n`);
    return error.exitCode;
  }
  say(`internal error, please report it: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}

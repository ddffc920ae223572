// What goes to the terminal: logs and progress to stderr, results to stdout. The only place that writes to either.
// Logs tell of transitions, never of samples: as text, or as JSON lines for a log collector.

import { styleText } from 'node:util';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { errorCatalogue, MillraceError } from '../errors.ts';

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Where JSON lines go; null while logs are text. */
let logger: Logger | null = null;

/** The line that is kept at the bottom of a terminal while a run goes on; null where there is none. */
let statusLine: string | null = null;

const eraseLine = '\r\u001b[K';

/** Chooses how stderr is written from now on. */
export function setLogFormat(format: LogFormat): void {
  logger = format === 'json' ? createLogger() : null;
}

/** JSON lines with `level`, `time` (ISO 8601), `name` and `msg`, written at once. */
function createLogger(): Logger {
  const options = {
    base: { name: 'millrace' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  return pino(options, { write: (line: string) => void process.stderr.write(line) });
}

/** Whether stderr is a terminal, the only place where a line can be drawn over, and logs are text. */
export function isTerminal(): boolean {
  return process.stderr.isTTY === true && logger === null;
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
  if (logger) logger.info(message);
  else writeError(`millrace: ${message}\n`);
}

/** Colours where stderr is a terminal that takes them, and NO_COLOR (no-color.org) is not set. */
function coloured(style: 'red' | 'dim', text: string): string {
  return isTerminal() ? styleText(style, text, { stream: process.stderr }) : text;
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
    const { remedy } = errorCatalogue[error.code];
    if (logger) logger.error({ code: error.code, remedy }, error.message);
    else {
      writeError(`millrace: ${coloured('red', 'error:')} ${error.message}\n`);
      writeError(`  what to do: ${remedy} ${coloured('dim', `[${error.code}]`)}\n`);
    }
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  if (logger) logger.fatal({ stack }, 'internal error, please report it');
  else writeError(`millrace: ${coloured('red', 'internal error')}, please report it: ${stack}\n`);
  return 1;
}

#!/usr/bin/env node
// The command line's entry: parses, runs one command, and turns every failure into a message and an exit code.

import { CommanderError } from 'commander';
import { tellFailure } from './console.ts';
import { letHeapGrow } from './heap.ts';
import { createProgram } from './program.ts';

async function main(): Promise<number> {
  try {
    await createProgram().parseAsync(process.argv);
    // A command that ran to its end may have found something that is not well.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has written its own message by now; asking for help or the version is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return tellFailure(error);
  }
}

letHeapGrow();
process.exitCode = await main();

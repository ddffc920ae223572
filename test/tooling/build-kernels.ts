// `npm run build:kernels`: compiles the kernel to WebAssembly SIMD and writes it, as base64, to
// src/kernels/generated/wasm-module.ts.
// The scalar mathematics is compiled from the very files the reference uses; only its bit moves are replaced.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { projectRoot } from './source-files.ts';

const entry = 'src/kernels/assembly/index.ts';
const replaced = new Map([['src/kernels/scalar/bits.ts', 'src/kernels/assembly/bits.ts']]);

let binary: Uint8Array | null = null;

function readFile(name: string): string | null {
  const path = name.replaceAll('\\', '/');
  try {
    return readFileSync(join(projectRoot, replaced.get(path) ?? path), 'utf8');
  } catch {
    // The compiler probes for several names of each import.
    return null;
  }
}

function writeFile(name: string, contents: Uint8Array | string): void {
  if (name.endsWith('.wasm') && typeof contents !== 'string') binary = contents;
}

// Constants lie at the bottom of the memory, where src/kernels/layout.ts keeps room.
const options = [
  '-O3',
  '--converge',
  '--noAssert',
  '--importMemory',
  '--runtime=stub',
  '--memoryBase=16',
  '--enable=simd',
  '--enable=threads',
  '--sharedMemory',
  '--maximumMemory=65536',
  '--disable=mutable-globals',
  '--use=abort=',
];
const { error, stderr } = await asc.main([entry, '--outFile=kernel.wasm', ...options], {
  readFile,
  writeFile,
  listFiles: () => [],
});

if (error !== null || binary === null) {
  process.stderr.write(`${stderr.toString()}\nthe kernels do not compile: ${error?.message ?? 'no output'}\n`);
  process.exitCode = 1;
} else {
  const generated = join(projectRoot, 'src/kernels/generated');
  const base64 = Buffer.from(binary).toString('base64');
  mkdirSync(generated, { recursive: true });
  writeFileSync(
    join(generated, 'wasm-module.ts'),
    `// Generated from ../assembly by \`npm run build:kernels\`; not to be edited.\n\n` +
      `/** The kernel as a WebAssembly module. */\nexport const wasmBase64 =\n  '${base64}';\n`,
  );
}

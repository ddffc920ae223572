import { readFile, writeFile } from 'node:fs/promises';
import { PassThrough, Readable, Writable } from 'node:stream';
import { createFileSink } from '../../src/file/file-sink.ts';
import { createFileSource } from '../../src/file/file-source.ts';
import { createStdoutSink } from '../../src/file/stdout-sink.ts';
import { describeSinkContract } from '../contract/sink.ts';
import { describeSourceContract, type SourceHarness } from '../contract/source.ts';
import { createTempFolder } from './support.ts';

const rows = ['1,2,0', '3,"4",1', '"a\nb",5,0', ...Array.from({ length: 30 }, (_, index) => `${index},${index},1`)];
const lines = Array.from({ length: 33 }, (_, index) => `{"features":[${index}],"label":${index % 2}}`);

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').slice(0, -1);
}

describeSourceContract('file, CSV', async () => {
  const folder = await createTempFolder();
  const path = folder.path('in.csv');
  await writeFile(path, `x,y,label\r\n${rows.join('\r\n')}\r\n`);
  return {
    expected: [rows],
    create: () => createFileSource({ path, format: 'csv' }),
    createUnending: () => createFileSource({ path, format: 'csv', epochs: 1e9 }),
    broken: {
      create: () => createFileSource({ path: folder.path('none.csv'), format: 'csv' }),
      code: 'source-missing',
    },
    dispose: folder.remove,
  };
});

describeSourceContract('file, records of one size', async () => {
  const folder = await createTempFolder();
  const path = folder.path('in.f32');
  const records = Array.from({ length: 33 }, (_, index) => String(1000 + index).padStart(8, '\n'));
  await writeFile(path, records.join(''));
  const format = { recordBytes: 8 };
  return {
    expected: [records],
    create: () => createFileSource({ path, format }),
    createUnending: () => createFileSource({ path, format, epochs: 1e9 }),
    broken: { create: () => createFileSource({ path: folder.path('none.f32'), format }), code: 'source-missing' },
    dispose: folder.remove,
  };
});

describeSourceContract('file, NDJSON, three epochs', async () => {
  const folder = await createTempFolder();
  const path = folder.path('in.ndjson');
  await writeFile(path, lines.join('\n'));
  return {
    expected: [[...lines, ...lines, ...lines]],
    create: () => createFileSource({ path, format: 'ndjson', epochs: 3 }),
    createUnending: () => createFileSource({ path, format: 'ndjson', epochs: 1e9 }),
    broken: { create: () => createFileSource({ path: folder.path(''), format: 'ndjson' }), code: 'source-missing' },
    dispose: folder.remove,
  };
});

const makeStandardInput = async (): Promise<SourceHarness> => {
  const text = Buffer.from(`x,y,label\n${rows.join('\n')}\n`);
  let supplied = 0;
  return {
    expected: [rows],
    create: () =>
      createFileSource({ path: '-', format: 'csv', stdin: Readable.from([text.subarray(0, 20), text.subarray(20)]) }),
    createUnending: () => {
      const silent = new PassThrough();
      silent.write('{"features":[1]}\n{"feat');
      return createFileSource({ path: '-', format: 'ndjson', stdin: silent });
    },
    broken: {
      create: () => createFileSource({ path: '-', format: 'csv', stdin: Readable.from([]) }),
      code: 'source-empty',
    },
    large: {
      create: () => {
        const endless = new Readable({
          read() {
            supplied += 1000;
            this.push(Buffer.from(`${'9'.repeat(999)}\n`));
          },
        });
        return createFileSource({ path: '-', format: 'ndjson', stdin: endless });
      },
      fetched: () => supplied,
      bound: 256 * 1024,
    },
  };
};
describeSourceContract('standard input', makeStandardInput, { showsFetched: true });

describeSinkContract('file', async () => {
  const folder = await createTempFolder();
  const path = folder.path('new/folder/out.ndjson');
  return {
    create: () => createFileSink({ path, format: 'ndjson' }),
    read: () => linesOf(path),
    keepsMark: true,
    broken: { create: () => createFileSink({ path: folder.path(''), format: 'ndjson' }), code: 'sink-unwritable' },
    dispose: folder.remove,
  };
});

describeSinkContract('standard output', async () => {
  const printed: Buffer[] = [];
  const newStream = (): Writable =>
    new Writable({
      highWaterMark: 64,
      write(bytes: Buffer, _encoding, done) {
        printed.push(bytes);
        setImmediate(done);
      },
    });
  return {
    create: () => createStdoutSink({ stream: newStream() }),
    read: async () => Buffer.concat(printed).toString('utf8').split('\n').slice(0, -1),
    keepsMark: false,
    broken: {
      create: () => createStdoutSink({ stream: newStream().destroy() }),
      code: 'sink-unwritable',
    },
  };
});

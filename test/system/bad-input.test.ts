// Records that nobody should learn from, and inputs that are none: what a user sees of each.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMillrace } from '../support/millrace-process.ts';
import { failureOf, readLines, resultOf, settings, temporaryFolder, write } from './support.ts';

/** A record and what becomes of it: learnt, only predicted, or the code of its dead letter. */
type Sent = readonly [record: string, fate: string];

const giant = `{"a":1,"b":2,"label":1,"note":"${'x'.repeat(10 << 20)}"}`;

const jsonRecords: readonly Sent[] = [
  ['{"a":', 'malformed'],
  ['{"a":1,"b":2,"label":1}', 'learned'],
  ['{"a":1,"b":2', 'malformed'],
  ['[1,2]', 'malformed'],
  ['"text"', 'malformed'],
  ['{"features":[1,2,3],"label":1}', 'wrong-arity'],
  ['{"features":[1],"label":1}', 'wrong-arity'],
  ['{"a":1,"label":0}', 'missing-feature'],
  ['{"a":1,"b":null,"label":0}', 'missing-feature'],
  ['{"a":1,"b":2}', 'scored'],
  ['{"a":1,"b":2,"label":null}', 'scored'],
  ['{"a":1,"b":2,"label":7}', 'unknown-class'],
  ['{"a":1,"b":2,"label":[1]}', 'bad-label'],
  ['{"a":NaN,"b":2,"label":1}', 'malformed'],
  ['{"a":Infinity,"b":2,"label":1}', 'malformed'],
  ['{"a":"NaN","b":2,"label":1}', 'bad-feature'],
  ['{"a":1e400,"b":2,"label":1}', 'not-finite'],
  ['{"a":-1e39,"b":2,"label":1}', 'not-finite'],
  ['{"a":{"c":1},"b":2,"label":1}', 'bad-feature'],
  [giant, 'too-large'],
  ['{"a":0,"b":1,"label":0}', 'learned'],
];

const csvRecords: readonly Sent[] = [
  ['1,2,1', 'learned'],
  ['1,2', 'wrong-arity'],
  ['1,2,3,1', 'wrong-arity'],
  ['1,,1', 'missing-feature'],
  ['1,2,', 'scored'],
  ['1,2,maybe', 'unknown-class'],
  ['NaN,2,1', 'not-finite'],
  ['1,-Infinity,1', 'not-finite'],
  ['1e400,2,1', 'not-finite'],
  ['one,2,1', 'bad-feature'],
  [`1,"${'x'.repeat(10 << 20)}",1`, 'too-large'],
  ['0,1,0', 'learned'],
];

/** A configuration over an input file, with outputs beside it. */
function configure(folder: string, input: string): string {
  return write(
    folder,
    'bad.yaml',
    `source: { file: { path: ${input} } }
schema: { target: { from: label, type: binary } }
predictions: { file: { path: ${join(folder, 'predictions.ndjson')} } }
deadLetters: { file: { path: ${join(folder, 'dead.ndjson')} } }
http: false
`,
  );
}

describe('records that are no samples', () => {
  it.each([
    ['NDJSON', 'bad.ndjson', '', jsonRecords],
    ['CSV', 'bad.csv', 'a,b,label\n', csvRecords],
  ] as const)('go to the dead letters one by one, and the rest is learnt: %s', async (_format, name, head, sent) => {
    const folder = temporaryFolder();
    const config = configure(folder, write(folder, name, `${head}${sent.map(([record]) => `${record}\n`).join('')}`));
    const result = resultOf(await runMillrace('run', '-c', config, '--json'));
    const fates = sent.map(([, fate]) => fate);
    const count = (fate: string) => fates.filter((each) => each === fate).length;
    const good = count('learned') + count('scored');
    expect(result).toMatchObject({
      samples: sent.length,
      learned: count('learned'),
      scored: count('scored'),
      rejected: sent.length - good,
    });
    const letters = readLines(join(folder, 'dead.ndjson'));
    const wanted = sent.flatMap(([record, code], offset) =>
      code === 'learned' || code === 'scored' ? [] : [{ record, code, offset }],
    );
    expect(letters.map(({ error }) => error)).toEqual(
      wanted.map(({ code, offset }) => expect.objectContaining({ code, offset, message: expect.any(String) })),
    );
    wanted.forEach(({ record, code }, at) => {
      const kept = String(letters[at].value);
      // Of a record that is too long one byte more is kept than may be; of any other, all.
      expect(kept).toHaveLength(code === 'too-large' ? (1 << 20) + 1 : record.length);
      expect(record.startsWith(kept)).toBe(true);
    });
    expect(readLines(join(folder, 'predictions.ndjson'))).toHaveLength(good);

    // As if the bad ones had never been there.
    const alone = sent.filter(([, fate]) => fate === 'learned' || fate === 'scored').map(([record]) => `${record}\n`);
    const clean = temporaryFolder();
    const again = configure(clean, write(clean, name, `${head}${alone.join('')}`));
    expect(resultOf(await runMillrace('run', '-c', again, '--json')).weightsDigest).toBe(result.weightsDigest);
  });

  it('are told of in words by reason', async () => {
    const folder = temporaryFolder();
    const config = configure(folder, write(folder, 'bad.csv', 'a,b,label\n1,2,1\n1,2\nNaN,2,1\n1,2\n'));
    const { code, stderr, stdout } = await runMillrace('run', '-c', config);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('1 learnt, 0 only predicted, 3 rejected (2 wrong-arity, 1 not-finite)');
    expect(stdout).toBe('');
  });
});

describe('inputs that hold nothing', () => {
  it('an empty NDJSON file ends at once, with no weights to speak of', async () => {
    const folder = temporaryFolder();
    const config = configure(folder, write(folder, 'empty.ndjson', ''));
    const { code, stdout, stderr } = await runMillrace('run', '-c', config, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ samples: 0, weightsDigest: null, metrics: null });
    const words = await runMillrace('run', '-c', config);
    expect(words.stderr).toContain('no sample was read');
  });

  it('an empty CSV file lacks its header', async () => {
    const folder = temporaryFolder();
    const input = write(folder, 'empty.csv', '');
    const { code, text } = failureOf(await runMillrace('run', '-c', configure(folder, input)));
    expect(code).toBe(1);
    expect(text).toContain(`${input} is empty: a CSV input needs a header line`);
  });

  it('a header alone is a model that has learnt nothing', async () => {
    const folder = temporaryFolder();
    const config = configure(folder, write(folder, 'header.csv', 'a,b,label\n'));
    expect(resultOf(await runMillrace('run', '-c', config, '--json'))).toMatchObject({ samples: 0, modelVersion: 0 });
    expect(readFileSync(join(folder, 'predictions.ndjson'), 'utf8')).toBe('');
  });

  it('a header without a column of the schema is told of, with the columns that are there', async () => {
    const folder = temporaryFolder();
    const config = configure(folder, write(folder, 'header.csv', 'a,b,label\n1,2,1\n'));
    const run = await runMillrace('run', '-c', config, ...settings('schema.features=[a, c]'));
    const { code, text } = failureOf(run);
    expect(code).toBe(1);
    expect(text).toContain("no column 'c'; it has: a, b, label");
  });

  it('a file that is not there, and a folder where a file should be', async () => {
    const folder = temporaryFolder();
    const missing = failureOf(await runMillrace('run', '-c', configure(folder, join(folder, 'none.csv'))));
    expect(missing.code).toBe(1);
    expect(missing.text).toContain(`Cannot read ${join(folder, 'none.csv')}`);
    const isFolder = failureOf(await runMillrace('run', '-c', configure(folder, folder)));
    expect(isFolder.code).toBe(1);
    expect(isFolder.text).toContain(`Cannot read ${folder}: it is a folder`);
  });
});

describe('a rate at which the network flies apart', () => {
  it('stops before a weight is lost: exit code 1, what to do, nothing published or kept from there on', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 7},${(i * 31) % 11},${i % 2}\n`).join('');
    const config = configure(folder, write(folder, 'rows.csv', `a,b,label\n${rows}`));
    const kept = settings(`checkpoint.dir=${join(folder, 'kept')}`, 'checkpoint.everySamples=1');
    const tame = settings('model.optimizer={type: sgd, learningRate: 0.01}', 'model.rehearsal=false');
    const first = resultOf(await runMillrace('run', '-c', config, ...kept, ...tame, '--samples', '1000', '--json'));
    const wild = settings('model.optimizer={type: sgd, learningRate: 1e30}', 'model.rehearsal=false');
    const { code, text } = failureOf(
      await runMillrace('run', '-c', config, ...kept, ...wild, ...settings('model.clipInputs=false'), '--json'),
    );
    expect(code).toBe(1);
    expect(text).toMatch(/partition 0, offsets 1000 to \d+ would have made a weight non-finite/);
    expect(text).toContain('Lower `model.optimizer.learningRate`');
    expect(readLines(join(folder, 'predictions.ndjson'))).toHaveLength(1000);
    // The remedy works: the good weights are still there.
    const after = await runMillrace('run', '-c', config, ...kept, ...tame, '--json');
    expect(after.stderr).toContain(`1000 records, model version ${first.modelVersion}`);
    expect(after.code).toBe(0);
    expect(readLines(join(folder, 'predictions.ndjson'))).toHaveLength(3000);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such references are what is tested.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { least, load, refusal } from './files.ts';

describe('loading a configuration', () => {
  it('fills in every default', () => {
    expect(load(least)).toMatchObject({
      name: 'millrace',
      source: { file: { path: 'in.csv', epochs: 1 }, maxRecordBytes: 1_048_576 },
      schema: { target: { type: 'binary', from: ['label'] } },
      model: { batchSize: 1, seed: 42, scale: 'standard' },
      http: { host: '127.0.0.1', port: 9464 },
      metrics: { window: 1000, fading: 0.999 },
      maxChunksInFlight: 16,
    });
  });

  it('tells a file that is not there, or not YAML, by its name', () => {
    const missing = refusal(() => loadConfig({ file: '/nowhere/x.yaml', set: [], environment: {} }));
    expect(missing).toMatchObject({ code: 'config-unreadable', message: expect.stringContaining('/nowhere/x.yaml') });
    for (const text of ['a: [1, 2', 'a: 1\na: 2', 'a: *nobody', 'a: 1\n---\na: 2']) {
      const { code, message } = refusal(() => load(text));
      expect(code).toBe('config-unreadable');
      expect(message).toMatch(/config\.yaml: not YAML: /);
    }
  });

  it('needs keys and values at the top, and says what an empty file lacks', () => {
    expect(refusal(() => load('- a\n- b\n')).message).toMatch(/config\.yaml: the top level must be keys and values/);
    expect(refusal(() => load('')).message).toMatch(/has 2 mistakes:\n {2}source: missing.*\n {2}schema: missing/);
  });

  it('follows anchors and aliases', () => {
    const text = 'source: { file: { path: &p in.csv } }\nschema: { target: { type: binary, from: *p } }\n';
    expect(load(text).schema.target.from).toEqual(['in.csv']);
    const bomb = `a: &a [1,1]\n${'bcdefghijk'.replace(/./g, (name, at) => `${name}: &${name} [*${'abcdefghij'[at]},*${'abcdefghij'[at]}]\n`)}`;
    expect(refusal(() => load(bomb)).code).toBe('config-unreadable');
  });
});

describe('a mistake beside a secret', () => {
  const secret = 'hunter2sEcret';

  it.each([
    `@${secret}`,
    `!${secret} x`,
    `!!${secret} [x]`,
    `*${secret}`,
    `|${secret}`,
    `"${secret}`,
    `'${secret}'${secret}`,
    `"\\${secret}"`,
    `[${secret}`,
    `{${secret}: ]`,
    `a: ${secret}`,
    `x\n%${secret}`,
    `x\n${secret}`,
    `{ a:${secret}, b: ${secret}`,
  ])('is told by its place, never by its text: %s', (value) => {
    const text = `${least}http: { port: 0 }\npassword: ${value}\n`;
    const { message } = refusal(() => load(text));
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('\n\n');
    const assignment = refusal(() => load(`${least}`, { set: [`x.password=${value}`] })).message;
    expect(assignment).not.toContain('hunter2');
  });

  it('names file, line, column and remedy', () => {
    expect(refusal(() => load(`${least}http:\n  adminToken: @${secret}\n`)).message).toMatch(
      /config\.yaml: not YAML: line 4, column 15: a text cannot begin with this character unless it is quoted$/,
    );
  });

  it.each([
    `source.kafka.sasl={mechanism: plain, username: u, password: ${secret}`,
    `source.kafka.sasl={mechanism: plain, username: u, password:${secret}}`,
    `http.adminToken:${secret}`,
    `http.adminToken=[${secret}`,
    `http.adminToken={ {${secret}: 1}: 2 }`,
    `http.adminToken=[1, 2]: ${secret}`,
    `http.adminToken.x=${secret}: x: ${secret}`,
  ])('of --set is told by its path: %s', (assignment) => {
    const warned = vi.spyOn(process, 'emitWarning');
    onTestFinished(() => warned.mockRestore());
    const { message } = refusal(() => load(least, { set: [assignment] }));
    expect(message).not.toContain('hunter2');
    expect(JSON.stringify(warned.mock.calls)).not.toContain('hunter2');
  });
});

describe('--set', () => {
  const set = (...assignments: string[]) => load(least, { set: assignments });

  it('changes, adds and types values as YAML does, later ones over earlier ones', () => {
    const config = set('name=fraud', 'model.seed=1', 'model.seed=7', 'model.optimizer={type: adam}', 'http=false');
    expect(config).toMatchObject({ name: 'fraud', model: { seed: 7, optimizer: { type: 'adam' } }, http: false });
    expect(set('source.file.path="007"').source.file?.path).toBe('007');
  });

  it('reaches into lists', () => {
    const text = `${least}model: { hidden: [{ units: 4 }, { units: 5 }] }\n`;
    const config = load(text, { set: ['model.hidden.1.units=9', 'model.hidden.2=3'] });
    expect(config.model.hidden.map(({ units }) => units)).toEqual([4, 9, 3]);
  });

  it('gives a scalar, or an empty key, way to the keys below it', () => {
    expect(load(`${least}http: false\n`, { set: ['http.port=0'] }).http).toMatchObject({ port: 0 });
    expect(load(`${least}model:\n`, { set: ['model.seed=3'] }).model.seed).toBe(3);
  });

  it.each([
    ['seed', '--set needs path=value'],
    ['=3', '--set needs path=value'],
    ['model.seed=[1', 'the value is not YAML'],
    ['schema.features.first.name=x', 'cannot be set'],
  ])('refuses %s', (assignment, message) => {
    const text = 'source: { file: { path: a } }\nschema: { target: { type: binary }, features: [x] }\n';
    expect(refusal(() => load(text, { set: [assignment] }))).toEqual({
      code: 'usage-invalid',
      message: expect.stringContaining(message),
    });
  });

  it('takes what the environment holds, typed like any other value', () => {
    const config = load(least, {
      set: ['http.port=${PORT}', 'name=${NAME}'],
      environment: { PORT: '8080', NAME: 'a' },
    });
    expect(config).toMatchObject({ http: { port: 8080 }, name: 'a' });
  });
  it.each(['12345678', 'true', '0x10', '[abc]', '~', '1e3', '@x', 'a: b'])(
    'takes %j for the text that a secret is, quoted or not',
    (secret) => {
      const kafka =
        'source: { kafka: { brokers: b:9092, topic: t } }\nschema: { features: [x], target: { type: binary } }\n';
      const environment = { P: secret };
      for (const value of ['"${P}"', "'${P}'", '${P}']) {
        const sasl = 'source.kafka.sasl';
        const each = [`${sasl}.mechanism=plain`, `${sasl}.username=${value}`, `${sasl}.password=${value}`];
        // In braces YAML takes `${P}` only quoted.
        const atOnce = [`${sasl}={mechanism: plain, username: ${value}, password: ${value}}`];
        const config = load(kafka, { set: value === '${P}' ? each : atOnce, environment });
        expect(config.source.kafka?.sasl).toEqual({ mechanism: 'plain', username: secret, password: secret });
      }
    },
  );

  it('takes digits for the token that they are', () => {
    const environment = { T: '1234567890123456789' };
    for (const value of ['"${T}"', '${T}']) {
      const { http } = load(least, { set: [`http.adminToken=${value}`], environment });
      expect(http).toMatchObject({ adminToken: environment.T });
    }
  });
});

// Random records of JSON and of numbers, sound and not, for the tests of decoding: features a, b and `c é`.

import fc from 'fast-check';

/** Spellings of numbers, good and bad. */
export const numberText = fc.oneof(
  fc.double().map(String),
  fc.float().map((value) => String(Math.fround(value))),
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.nat(99_999_999), fc.integer({ min: -30, max: 30 })).map(([a, b, e]) => `${a}.${b}e${e}`),
  fc.stringMatching(/^-?\d{1,25}(\.\d{1,25})?([eE][+-]?\d{1,3})?$/),
  fc.constantFrom(
    '-0',
    '0',
    '00',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '1e+',
    '-',
    'NaN',
    'null',
    'true',
    '"2"',
    '1e400',
    '0x1',
  ),
);
/** Mostly none; the last is none that JSON knows. */
export const space = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\u00a0');
const key = fc.constantFrom('a', 'b', 'c é', 'label', 'features', 'id', '__proto__', 'a\\u0062', 'é', '');
const member = fc
  .tuple(
    space,
    key,
    space,
    fc.oneof(
      numberText,
      fc.string().map((text) => JSON.stringify(text)),
    ),
    space,
  )
  .map(([s1, name, s2, value, s3]) => `${s1}"${name}"${s2}:${s3}${value}`);
const features = fc.tuple(numberText, numberText, numberText);
/** In the shapes that have a fast way, with whatever numbers. */
export const good = fc.tuple(features, numberText, space, fc.nat(4)).map(([[a, b, c], label, s, kind]) => {
  const fields = `"a":${a},${s}"b":${b},"c é":${c}`;
  const shapes = [
    `{"features":[${a},${b}${s},${c}],"label":${label}}`,
    `{"features":{${fields}},"label":${label}${s}}`,
    `{${fields},"label":${label}}`,
    `{"id":"x","label":${label},${s}${fields}}`,
    `${s}{"features":{${fields},"other":1}}${s}`,
  ];
  return shapes[kind];
});
export const mixed = fc.array(member, { maxLength: 6 }).map((members) => `{${members.join(',')}}`);
export const nested = fc.tuple(mixed, fc.array(member, { maxLength: 2 })).map(([inner, outer]) => {
  return `{"features":${inner},${outer.join(',')}}`.replace(',}', '}');
});
const digit = fc.nat(9).map(String);
/** Fields that are in order, some in the container and the rest beside it, or the other way round. */
export const split = fc
  .tuple(fc.tuple(digit, digit, digit), digit, fc.nat(3), fc.constantFrom('', '"x":1,', '"a":2,'), fc.boolean())
  .map(([[a, b, c], label, inside, first, isContainerFirst]) => {
    const fields = [`"a":${a}`, `"b":${b}`, `"c é":${c}`];
    const container = `"features":{${first}${fields.slice(0, inside).join(',')}}`.replace(',}', '}');
    const beside = [...fields.slice(inside), `"label":${label}`];
    return `{${(isContainerFirst ? [container, ...beside] : [...beside, container]).join(',')}}`;
  });
/** With a byte that is another one. */
export const damaged = fc
  .tuple(good, fc.nat(200), fc.nat(255))
  .map(([text, at, byte]) => Uint8Array.from(Buffer.from(text), (old, index) => (index === at ? byte : old)));

// docs/configuration.md as text: a table for every group of keys, made from the configuration's JSON Schema.

import { stringify } from 'yaml';
import { alternatives, type SchemaNode } from '../../src/config/json-schema.ts';

const intro = `<!-- Made by \`npm run docs\` from src/config and test/tooling/configuration-page.ts: edit those. -->
# Configuration

A run is described by one YAML file, given with \`-c\`. The least it must say is where samples come from and what is to be
learnt; every other key has the default told here.

\`\`\`yaml
# yaml-language-server: $schema=schema.json
source:
  file: { path: data.csv }
schema:
  target: { from: is_fraud, type: binary }
\`\`\`

A key that Millrace does not know is an error, never ignored; \`millrace lint -c FILE\` lists all mistakes at once and prints the
configuration with every default filled in. [config/schema.json](../config/schema.json) is the same as a JSON Schema: editors
with YAML support complete and check keys as you type. [config/](../config) has an example for each use.

## From the environment: \`\${VAR}\`

Anywhere in a value, \`\${VAR}\` stands for an environment variable and \`\${VAR:-x}\` for the same with \`x\` where it is unset or
empty. Without a default an unset variable is an error. Unquoted, what becomes a number, \`true\`, \`false\`, \`null\` or a \`[list]\`
is one: \`port: \${PORT:-9464}\`. Anything else, all that is quoted, and every password and token is taken as the text it is.

## From a file: \`VAR_FILE\`

Where \`VAR\` is not set but \`VAR_FILE\` is, \`\${VAR}\` is what the file of that name holds, less the line end: the way secrets are
mounted into containers. A file that cannot be read is an error.

## On the command line: \`--set path=value\`

Sets one key over what the file says; the value is YAML, and later ones win: \`--set model.seed=7 --set http=false --set
'model.optimizer={type: adam}'\`. Numbers reach into lists: \`--set schema.features.0.scale=minmax\`. In braces a reference
must be quoted: \`--set 'source.kafka.sasl={mechanism: plain, username: u, password: "\${PASSWORD}"}'\`.
`;

/** The page, without a second copy of what the schema says. */
export function configurationPage(schema: SchemaNode): string {
  return [intro, '## Keys', '', ...table(schema, ''), ...sectionsBelow(schema, '')]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

/** Sections for what lies below the keys of an object. */
function sectionsBelow(node: SchemaNode, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    isNode(child) ? section(child, path === '' ? key : `${path}.${key}`) : [],
  );
}

function section(node: SchemaNode, path: string): string[] {
  const own = variantsOf(node);
  const items = alternatives(node).flatMap(({ items }) => (isNode(items) ? [items] : []));
  const heading = [
    `${path.includes('.') ? '###' : '##'} \`${path}\``,
    '',
    ...(node.description ? [node.description, ''] : []),
  ];
  const tables = own.length > 1 ? variants(own, path) : own.flatMap((variant) => table(variant, path));
  return [
    ...(own.length > 0 ? [...heading, ...tables] : []),
    ...own.flatMap((variant) => (own.length > 1 ? [] : sectionsBelow(variant, path))),
    ...items.flatMap((item) => section(item, `${path}[]`)),
  ];
}

/** The objects that a node may be. */
function variantsOf(node: SchemaNode): SchemaNode[] {
  return alternatives(node).filter(({ properties }) => properties !== undefined);
}

/** One table for each set of keys that goes with a type; types with the same keys share it. */
function variants(nodes: readonly SchemaNode[], path: string): string[] {
  const types = new Map<string, string[]>();
  for (const node of nodes) {
    const { type, ...properties } = node.properties ?? {};
    const rows = table({ ...node, properties }, path).join('\n');
    const names = isNode(type) ? (type.enum ?? [type.const]).map((name) => `\`type: ${String(name)}\``) : [];
    types.set(rows, [...(types.get(rows) ?? []), ...names]);
  }
  return [...types].flatMap(([rows, names]) =>
    rows === '' ? [`${names.join(', ')}: no further keys.`, ''] : [`${names.join(', ')}:`, '', rows],
  );
}

/** A row for each key of the object at a path; what has keys of its own is linked to its section. */
function table({ properties = {}, required = [] }: SchemaNode, path: string): string[] {
  const rows = Object.entries(properties).flatMap(([key, child]) => {
    if (!isNode(child)) return [];
    const byDefault = defaultOf(child, required.includes(key));
    const meaning = [cell(child.description ?? ''), linkTo(child, path === '' ? key : `${path}.${key}`)];
    return [`| \`${key}\` | ${typeOf(child)} | ${byDefault} | ${meaning.filter((part) => part !== '').join(' ')} |`];
  });
  return rows.length === 0 ? [] : ['| key | type | default | meaning |', '|---|---|---|---|', ...rows, ''];
}

function linkTo(node: SchemaNode, path: string): string {
  const items = alternatives(node).flatMap(({ items }) => (isNode(items) ? [items] : []));
  const isOwn = variantsOf(node).length > 0;
  if (!isOwn && items.flatMap(variantsOf).length === 0) return '';
  return `→ [${path}](#${path.toLowerCase().replace(/[^a-z]/g, '')})`;
}

function defaultOf(node: SchemaNode, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (node.default === undefined) return '';
  const text = stringify(node.default, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return text === '{}' && variantsOf(node).length > 0 ? 'as below' : `\`${cell(text)}\``;
}

/** What a value may be, in words. */
function typeOf(node: SchemaNode): string {
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(isNode);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' or ');
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.properties) return 'keys';
  if (isNode(node.items)) return `list of ${isChoice(node.items) ? `(${typeOf(node.items)})` : typeOf(node.items)}`;
  return [node.type ?? 'any'].flat().map(nameOf).join(' or ') + rangeOf(node);
}

function isChoice(node: SchemaNode): boolean {
  return node.anyOf !== undefined || Array.isArray(node.type);
}

function nameOf(type: string): string {
  return type === 'integer' ? 'whole number' : type === 'string' ? 'text' : type;
}

/** The bounds of a number, where it has any that are not those of all safe integers. */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const bounds = [
    minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? '' : `< ${exclusiveMaximum}`,
  ].filter((bound) => bound !== '');
  return bounds.length === 0 ? '' : ` ${bounds.join(', ')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function isNode(node: unknown): node is SchemaNode {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

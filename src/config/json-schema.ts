// The configuration's JSON Schema, for editors and for docs/configuration.md; written to config/schema.json.

import { z } from 'zod';
import { modelSchema } from './model-schema.ts';
import { configSchema } from './schema.ts';

/** A JSON Schema node. */
export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** What a configuration file may hold (the input side of the schema: defaults are optional). */
export function configJsonSchema(): SchemaNode {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema, path }) => allowShorthand(jsonSchema, path.join('/')),
  });
  // Through JSON, which is what is written: zod's result carries functions and optional undefineds besides.
  return JSON.parse(JSON.stringify({ $schema, title: 'Millrace configuration', ...rest }));
}

const hiddenPlace = 'properties/model/properties/hidden';
const unitsNode: SchemaNode = { type: 'integer', minimum: 1, maximum: 65_536 };
const textNode: SchemaNode = { type: 'string', minLength: 1 };
/** What may be written for short in place of a node; zod cannot know, as it sees only what preprocessing makes of it. */
const shorthands: readonly { readonly place: RegExp; readonly node: SchemaNode }[] = [
  { place: new RegExp(`^${hiddenPlace}$`), node: unitsNode },
  { place: new RegExp(`^${hiddenPlace}/items$`), node: unitsNode },
  { place: /^properties\/schema\/properties\/features\/items$/, node: textNode },
  { place: /\/kafka\/properties\/brokers$/, node: textNode },
];

/** Changes a node in place, as zod's `override` asks. */
function allowShorthand(node: SchemaNode, place: string): void {
  // A reference may stand in any text.
  if (typeof node.pattern === 'string' && !node.pattern.includes('\\$\\{')) node.pattern += '|\\$\\{';
  // A feature is numeric unless its type is said.
  if (/\/features\/items\/oneOf\/0$/.test(place)) node.required = ['name'];
  // Preprocessing takes anything, so zod holds what it is done to for optional; outputs may take the source's brokers.
  if (place === 'properties/source/properties/kafka') node.required = ['brokers', 'topic'];
  const short = shorthands.find((shorthand) => shorthand.place.test(place));
  if (!short || node.anyOf?.includes(short.node)) return;
  const { description, default: byDefault, ...rest } = node;
  for (const key of Object.keys(rest)) delete node[key];
  node.anyOf = [short.node, rest];
  if (place === hiddenPlace) node.default = modelSchema.parse({}).hidden;
}

/** The keys allowed in the object at a path, over all alternatives; empty where there is none. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  return [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** The values allowed at a path, over all alternatives, where they are listed. */
export function valuesAt(path: readonly PropertyKey[]): string[] {
  const values = nodesAt(path).flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
  return [...new Set(values.map(String))];
}

function nodesAt(path: readonly PropertyKey[]): SchemaNode[] {
  let nodes: SchemaNode[] = alternatives(configJsonSchema());
  for (const step of path) {
    const next = nodes.flatMap((node) =>
      typeof step === 'number' ? [node.items].flat() : [node.properties?.[String(step)]],
    );
    nodes = next.filter(isNode).flatMap(alternatives);
  }
  return nodes;
}

/** A node itself and, below it, each of its alternatives. */
export function alternatives(node: SchemaNode): SchemaNode[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(isNode).flatMap(alternatives)];
}

function isNode(node: unknown): node is SchemaNode {
  return typeof node === 'object' && node !== null;
}

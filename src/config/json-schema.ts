// The configuration's JSON Schema, for editors and for docs/configuration.md; written to config/schema.json.

import { z } from 'zod';
import { configSchema } from './schema.ts';

/** A JSON Schema node. */
export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** What a configuration file may hold (the input side of the schema: defaults are optional). */
export function configJsonSchema(): SchemaNode {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  // Through JSON, which is what is written: zod's result carries functions and optional undefineds besides.
  return JSON.parse(JSON.stringify({ $schema, title: 'Millrace configuration', ...rest }));
}

/** The keys allowed in the object at a path, over all alternatives; empty where there is none. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let nodes: SchemaNode[] = alternatives(configJsonSchema());
  for (const step of path) {
    const next = nodes.flatMap((node) =>
      typeof step === 'number' ? [node.items].flat() : [node.properties?.[String(step)]],
    );
    nodes = next.filter(isNode).flatMap(alternatives);
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** A node itself and, below it, each of its alternatives. */
export function alternatives(node: SchemaNode): SchemaNode[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(isNode).flatMap(alternatives)];
}

function isNode(node: unknown): node is SchemaNode {
  return typeof node === 'object' && node !== null;
}

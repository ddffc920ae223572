// The `schema` part of the configuration: features, target and weight of a sample.

import { z } from 'zod';

const label = z.union([z.string(), z.number(), z.boolean()]);
const scale = z.enum(['standard', 'minmax', 'none']);
const base = {
  name: z.string().min(1).describe('What messages, metrics and checkpoints call it.'),
  from: z
    .string()
    .min(1)
    .optional()
    .describe('Dotted path in the record; by default `features.NAME` where the record has `features`, else `NAME`.'),
  missing: z.enum(['reject', 'zero', 'mean']).default('reject').describe('What an absent, null or empty value means.'),
};

const numeric = z.strictObject({
  ...base,
  type: z.literal('numeric'),
  scale: scale.optional().describe('By default `model.scale`.'),
  min: z.number().optional().describe('Smallest value that is accepted.'),
  max: z.number().optional().describe('Largest value that is accepted.'),
});
const boolean = z.strictObject({ ...base, type: z.literal('boolean') });
const categorical = z
  .strictObject({
    ...base,
    type: z.literal('categorical'),
    values: z.array(label).min(1).optional().describe('Declared values: one column each.'),
    buckets: z.int().min(2).max(65_536).optional().describe('Hash any value into so many columns.'),
  })
  .refine((feature) => (feature.values === undefined) !== (feature.buckets === undefined), {
    message: 'a categorical feature needs either values or buckets',
  });

const feature = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? { name: value, type: 'numeric' }
      : typeof value === 'object' && value !== null && !('type' in value)
        ? { ...value, type: 'numeric' }
        : value,
  z.discriminatedUnion('type', [numeric, boolean, categorical]),
);

const target = z
  .strictObject({
    type: z.enum(['binary', 'multiclass', 'regression']).describe('Two classes, several classes, or numbers.'),
    from: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .default('label')
      .transform((paths) => (typeof paths === 'string' ? [paths] : paths))
      .describe('Dotted path of the label; for regression a list gives several outputs.'),
    classes: z.array(label).min(2).optional().describe('Class values; [0, 1] by default for binary.'),
  })
  .superRefine((value, context) => {
    const issue = targetMistake(value);
    if (issue) context.addIssue({ code: 'custom', ...issue });
  });

function targetMistake(value: {
  type: string;
  from: string[];
  classes?: (string | number | boolean)[] | undefined;
}): { path: string[]; message: string } | null {
  const { type, classes, from } = value;
  if (type === 'regression' && classes) return { path: ['classes'], message: 'regression has no classes' };
  if (type !== 'regression' && from.length > 1) return { path: ['from'], message: 'only regression takes a list' };
  if (type === 'multiclass' && !classes) return { path: ['classes'], message: 'multiclass needs its classes listed' };
  if (type === 'binary' && classes && classes.length !== 2)
    return { path: ['classes'], message: 'binary has two classes: [negative, positive]' };
  if (classes && new Set(classes.map(String)).size !== classes.length)
    return { path: ['classes'], message: 'a class is listed twice' };
  return null;
}

export const sampleSchema = z
  .strictObject({
    features: z
      .array(feature)
      .min(1)
      .optional()
      .describe('Left out: all columns or keys but the target are numeric, in the order of the first record.'),
    target: target.describe('What is to be predicted.'),
    weight: z.string().min(1).optional().describe('Dotted path of the sample weight; 1 by default.'),
  })
  .superRefine((schema, context) => {
    const names = (schema.features ?? []).map((item) => item.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice) context.addIssue({ code: 'custom', path: ['features'], message: `feature '${twice}' is listed twice` });
  });

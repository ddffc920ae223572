import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { rejectionReasons } from '../../src/sample/rejection.ts';
import { createSampleView, sampleStatus } from './sample-view.ts';

/** The lines of a scrape that have values, of Millrace's own metrics. */
function seriesOf(text: string, prefix = 'millrace_'): string[] {
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

function setUp() {
  const view = createSampleView();
  return { view, registry: createMetricsRegistry({ view, version: '1.2.3' }) };
}

describe('metrics registry', () => {
  it('counts records by outcome, and rejected ones by reason', async () => {
    const text = await setUp().registry.metrics();
    expect(seriesOf(text, 'millrace_samples_total')).toEqual([
      'millrace_samples_total{outcome="learned"} 90',
      'millrace_samples_total{outcome="scored"} 10',
      'millrace_samples_total{outcome="rejected"} 3',
    ]);
    const rejected = seriesOf(text, 'millrace_rejected_total');
    expect(rejected).toHaveLength(Object.keys(rejectionReasons).length);
    expect(rejected).toContain('millrace_rejected_total{reason="malformed"} 2');
    expect(rejected).toContain('millrace_rejected_total{reason="not-finite"} 1');
    expect(rejected).toContain('millrace_rejected_total{reason="tombstone"} 0');
    expect(text).toContain('\nmillrace_replayed_samples_total 7\n');
  });

  it('shows the loss as a summary of sum and count', async () => {
    const text = await setUp().registry.metrics();
    expect(text).toContain('# TYPE millrace_loss summary\nmillrace_loss_sum 45\nmillrace_loss_count 90\n');
  });

  it('survives a loss that has overflowed', async () => {
    const { view, registry } = setUp();
    view.now = { ...sampleStatus, lossSum: Number.POSITIVE_INFINITY };
    expect(await registry.metrics()).toContain('\nmillrace_loss_sum +Inf\n');
  });

  it('shows the quality by window, of the network and of the baseline, where it is defined', async () => {
    const text = await setUp().registry.metrics();
    expect(seriesOf(text, 'millrace_prequential_loss')).toEqual([
      'millrace_prequential_loss{model="network",window="cumulative"} 0.5',
      'millrace_prequential_loss{model="network",window="sliding"} 0.25',
      'millrace_prequential_loss{model="network",window="fading"} 0.125',
      'millrace_prequential_loss{model="baseline",window="cumulative"} 0.75',
      'millrace_prequential_loss{model="baseline",window="sliding"} 0.7',
      'millrace_prequential_loss{model="baseline",window="fading"} 0.65',
    ]);
    expect(text).toContain('\nmillrace_prequential_kappa{model="network",window="sliding"} -0.25\n');
    expect(text).toContain('\nmillrace_prequential_samples{window="sliding"} 90\n');
    expect(seriesOf(text, 'millrace_prequential_rmse')).toEqual([]);
  });

  it('has no quality to show before there is a learner, nor times before there are any', async () => {
    const { view, registry } = setUp();
    view.report = null;
    view.now = {
      ...sampleStatus,
      newestTimestampMs: null,
      checkpointAtMs: null,
      checkpointBytes: null,
      checkpointDurationMs: null,
    };
    const text = await registry.metrics();
    expect(
      seriesOf(text).filter((line) => /prequential|timestamp|checkpoint_(size|duration)|norm|rate/.test(line)),
    ).toEqual([]);
    expect(text).toContain('\nmillrace_checkpoints_total 5\n');
  });

  it('drops the series of a score that is not defined any more', async () => {
    const { view, registry } = setUp();
    expect(seriesOf(await registry.metrics(), 'millrace_prequential_roc_auc')).toHaveLength(6);
    view.report = null;
    expect(seriesOf(await registry.metrics(), 'millrace_prequential_roc_auc')).toEqual([]);
  });

  it('uses seconds and bytes', async () => {
    const text = await setUp().registry.metrics();
    expect(text).toContain('\nmillrace_checkpoint_timestamp_seconds 1700000000.5\n');
    expect(text).toContain('\nmillrace_checkpoint_duration_seconds 0.0125\n');
    expect(text).toContain('\nmillrace_checkpoint_size_bytes 4096\n');
    expect(text).toContain('\nmillrace_newest_record_timestamp_seconds 1700000000\n');
  });

  it('tells phase, fill, version and build', async () => {
    const text = await setUp().registry.metrics();
    expect(seriesOf(text, 'millrace_phase').filter((line) => line.endsWith(' 1'))).toEqual([
      'millrace_phase{phase="live"} 1',
    ]);
    expect(seriesOf(text, 'millrace_phase')).toHaveLength(7);
    expect(seriesOf(text, 'millrace_in_flight')).toEqual([
      'millrace_in_flight_chunks 2',
      'millrace_in_flight_chunks_limit 4',
    ]);
    expect(text).toContain('\nmillrace_model_version 1234\n');
    expect(text).toContain('\nmillrace_refused_steps_total 0\n');
    expect(text).toContain(`\nmillrace_build_info{version="1.2.3",name="fraud",node="${process.version}"} 1\n`);
    expect(text).toContain('\nprocess_cpu_seconds_total ');
    expect(text).toContain('\nnodejs_eventloop_lag_seconds ');
  });

  it('tells what the network is like', async () => {
    const text = await setUp().registry.metrics();
    expect(text).toContain('\nmillrace_learning_rate 0.002\n');
    expect(text).toContain('\nmillrace_gradient_norm 0.75\n');
    expect(seriesOf(text, 'millrace_parameter_norm')).toEqual([
      'millrace_parameter_norm{layer="0"} 2.5',
      'millrace_parameter_norm{layer="1"} 1.5',
    ]);
    expect(text).toContain('\nmillrace_parameters{layer="0"} 32\n');
  });

  it('tells where the time goes, in seconds', async () => {
    const text = await setUp().registry.metrics();
    expect(seriesOf(text, 'millrace_stage_duration_seconds')).toEqual([
      'millrace_stage_duration_seconds_sum{stage="learn"} 0.5',
      'millrace_stage_duration_seconds_count{stage="learn"} 4',
      'millrace_stage_duration_seconds_sum{stage="write"} 0.02',
      'millrace_stage_duration_seconds_count{stage="write"} 4',
      'millrace_stage_duration_seconds_sum{stage="commit"} 0.03',
      'millrace_stage_duration_seconds_count{stage="commit"} 2',
      'millrace_stage_duration_seconds_sum{stage="checkpoint"} 0.0125',
      'millrace_stage_duration_seconds_count{stage="checkpoint"} 1',
    ]);
  });

  it('counts transactions by result, and has no series of a run without any', async () => {
    const { view, registry } = setUp();
    const text = await registry.metrics();
    expect(seriesOf(text, 'millrace_transaction')).toEqual([
      'millrace_transactions_total{result="committed"} 2',
      'millrace_transactions_total{result="failed"} 1',
      'millrace_transactions_total{result="unknown"} 0',
      'millrace_transaction_duration_seconds_sum 0.25',
      'millrace_transaction_duration_seconds_count 2',
    ]);
    view.now = { ...sampleStatus, transactions: null };
    expect(seriesOf(await registry.metrics(), 'millrace_transaction')).toEqual([]);
  });

  it('tells the lag of each partition, and forgets one that is gone', async () => {
    const { view, registry } = setUp();
    expect(seriesOf(await registry.metrics(), 'millrace_consumer_lag')).toEqual([
      'millrace_consumer_lag_records{partition="0"} 5',
      'millrace_consumer_lag_records{partition="3"} 0',
    ]);
    view.now = { ...sampleStatus, lag: new Map([[3, 7]]), paused: true };
    const text = await registry.metrics();
    expect(seriesOf(text, 'millrace_consumer_lag')).toEqual(['millrace_consumer_lag_records{partition="3"} 7']);
    expect(text).toContain('\nmillrace_paused 1\n');
  });

  it('shows counts as they are, however often it is scraped', async () => {
    const { view, registry } = setUp();
    await registry.metrics();
    expect(await registry.metrics()).toContain('\nmillrace_samples_total{outcome="learned"} 90\n');
    view.now = { ...sampleStatus, learned: 91, checkpoints: 6 };
    const text = await registry.metrics();
    expect(text).toContain('\nmillrace_samples_total{outcome="learned"} 91\n');
    expect(text).toContain('\nmillrace_checkpoints_total 6\n');
  });

  it('reads the run once for each scrape, so that its figures are of one moment', async () => {
    const { view, registry } = setUp();
    await registry.metrics();
    expect(view.reads).toEqual({ status: 1, metrics: 1 });
    await registry.metrics();
    expect(view.reads).toEqual({ status: 2, metrics: 2 });
  });

  it('keeps to itself: two runs in one process do not share metrics', async () => {
    const first = setUp();
    const second = setUp();
    second.view.now = { ...sampleStatus, learned: 1 };
    expect(await second.registry.metrics()).toContain('millrace_samples_total{outcome="learned"} 1\n');
    expect(await first.registry.metrics()).toContain('millrace_samples_total{outcome="learned"} 90\n');
  });
});

describe('docs/metrics.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
  const documented = page
    .split('\n')
    .filter((line) => line.startsWith('| `millrace_'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name, type, labels]) => `${name} ${type} [${labels}]`);

  it('lists each metric with its type and labels, and none that is not there', async () => {
    const { view, registry } = setUp();
    // Scores of every kind, so that every family has a series to show its labels by.
    if (view.report) view.report = { ...view.report, mae: 1, rmse: 1, r2: 0 };
    view.now = { ...sampleStatus, failure: 'fenced' };
    const metrics = await registry.getMetricsAsJSON();
    const actual = metrics
      .filter(({ name }) => name.startsWith('millrace_'))
      .map(({ name, type, values }) => `${name} ${type} [${Object.keys(values[0].labels).join(', ')}]`);
    expect(documented.toSorted()).toEqual(actual.toSorted());
  });

  it('does not forget a family of the default metrics', () => {
    const prefixes = new Set(
      setUp()
        .registry.getMetricsAsArray()
        .map(({ name }) => `${name.split('_')[0]}_`),
    );
    prefixes.delete('millrace_');
    for (const prefix of prefixes) expect(page).toContain(`\`${prefix}*\``);
  });

  it('has no metric whose name breaks the conventions', () => {
    for (const line of documented) {
      const [name, type] = line.split(' ');
      expect(name, line).toMatch(/^millrace_[a-z0-9_]+$/);
      expect(name.endsWith('_total'), line).toBe(type === 'counter');
    }
  });
});

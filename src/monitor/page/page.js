// The live page: listens to /events, shows what comes, and says plainly when nothing does.

import { createChart } from './chart.js';
import { count, duration, figure, percent } from './format.js';

const byId = (id) => document.getElementById(id);
const setText = (id, text) => {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
};

const curves = [
  { label: 'network', colour: '--network' },
  { label: 'baseline', colour: '--baseline', dash: [6, 4] },
];
let quality = 'accuracy';
const showQuality = (value) => (quality === 'accuracy' ? percent(value) : figure(value));
const charts = {
  loss: createChart(byId('loss-chart'), { series: curves, height: 240, show: figure }),
  quality: createChart(byId('quality-chart'), { series: curves, height: 240, show: showQuality }),
  rate: createChart(byId('rate-chart'), {
    series: [{ label: 'samples/s', colour: '--network' }],
    height: 130,
    show: count,
    fromZero: true,
  }),
};

let points = [];

function drawCurves() {
  const column = (key) => points.map((point) => point[key]);
  const seconds = points.map(({ atMs }) => atMs / 1000);
  charts.loss.set([seconds, column('loss'), column('baselineLoss')]);
  charts.quality.set([seconds, column('quality'), column('baselineQuality')]);
  charts.rate.set([seconds, column('samplesPerSecond')]);
}

function phaseOf({ phase, role, paused, replayed, replayTotal }) {
  if (phase === 'live' && role === 'scorer') return 'serving';
  if (phase === 'replaying') return `replaying ${count(replayed)} of about ${count(replayTotal)}`;
  return paused ? 'paused' : phase;
}

function checkpointNote({ role, checkpoints, checkpointAgeMs }) {
  if (role === 'scorer') return checkpointAgeMs === null ? 'waiting for the first' : 'old; the one that is served';
  return checkpoints > 0 ? `old; ${count(checkpoints)} saved` : 'none saved yet';
}

function showFigures(now) {
  // A scorer has no stream: what tells of one is not shown.
  document.body.dataset.role = now.role;
  document.title = `${now.name} · Millrace`;
  setText('name', now.name);
  setText('phase', phaseOf(now));
  byId('phase').className =
    `pill ${now.phase === 'live' && !now.paused ? 'good' : now.phase === 'failed' ? 'bad' : ''}`;
  setText('samples', count(now.samples));
  setText('outcomes', `${count(now.learned)} learnt, ${count(now.scored)} scored, ${count(now.rejected)} rejected`);
  setText('rate', count(now.samplesPerSecond));
  setText('lag', count(now.lag));
  setText('lag-note', now.lag === null ? 'the input has no end to be behind' : 'records wait');
  setText('version', count(now.modelVersion));
  setText('checkpoint', duration(now.checkpointAgeMs));
  setText('checkpoint-note', checkpointNote(now));
  setText('in-flight', `${now.inFlight} / ${now.inFlightMax}`);
  showScores(now);
}

function showScores({ window: scores, quality: name }) {
  if (name && name !== quality) {
    quality = name;
    drawCurves();
  }
  const title = quality === 'accuracy' ? 'Accuracy' : 'RMSE';
  setText('quality-name', title);
  setText('quality-title', title);
  if (!scores) return;
  setText('loss', figure(scores.network.loss));
  setText('loss-baseline', `baseline ${figure(scores.baseline.loss)}`);
  setText('quality', showQuality(scores.network[quality]));
  setText('quality-baseline', `baseline ${showQuality(scores.baseline[quality])}`);
  for (const note of document.querySelectorAll('.window'))
    note.textContent = `over the newest ${count(Math.min(scores.size, scores.network.samples))} labelled samples`;
}

/** Rows of a table; cells are texts, or { text, className }. */
function fillTable(id, rows) {
  const table = byId(id);
  const cells = (row) =>
    row.map((cell) => {
      const element = document.createElement('td');
      const { text, className = '' } = typeof cell === 'string' ? { text: cell } : cell;
      element.textContent = text;
      element.className = className;
      return element;
    });
  table.tBodies[0].replaceChildren(
    ...rows.map((row) => {
      const line = document.createElement('tr');
      line.append(...cells(row));
      return line;
    }),
  );
  const empty = table.closest('article').querySelector('.empty');
  if (empty) empty.hidden = rows.length > 0;
  table.hidden = rows.length === 0;
}

const number = (text) => ({ text, className: 'number' });
const place = ({ partition, offset }) => ({ text: `${partition}/${offset}`, className: 'place' });

function showNetwork({ network }) {
  if (!network) return;
  fillTable(
    'layers',
    network.layers.map(({ inputs, units, activation, parameters, norm }, index) => [
      index === network.layers.length - 1 ? 'output' : `hidden ${index + 1}`,
      `${inputs} → ${units}`,
      activation,
      number(count(parameters)),
      number(figure(norm)),
    ]),
  );
  const all = network.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const gradient = network.gradientNorm === null ? '' : ` · gradient norm ${figure(network.gradientNorm)}`;
  setText('network-note', `${count(all)} parameters · learning rate ${figure(network.learningRate)}${gradient}`);
}

function showInputs({ inputs }) {
  byId('inputs-panel').hidden = !inputs;
  if (!inputs) return;
  byId('inputs').replaceChildren(
    ...inputs.map(({ name, share }) => {
      const line = document.createElement('li');
      const label = document.createElement('span');
      label.className = 'name';
      label.textContent = name;
      label.title = name;
      const meter = document.createElement('progress');
      meter.className = 'bar';
      meter.max = inputs[0].share;
      meter.value = share;
      const text = document.createElement('span');
      text.className = 'number';
      text.textContent = percent(share);
      line.append(label, meter, text);
      return line;
    }),
  );
}

function probabilityOf({ probability, probabilities, prediction }) {
  if (typeof probability === 'number') return figure(probability);
  return probabilities ? figure(probabilities[String(prediction)]) : '';
}

function showOutputs({ predictions, rejections }) {
  fillTable('predictions', predictions.map(predictionCells).reverse());
  fillTable('rejections', rejections.map((record) => [place(record), record.reason, record.message]).reverse());
}

function predictionCells(record) {
  const { prediction, label, loss, ...rest } = JSON.parse(record.value);
  const known = label !== undefined;
  const show = (value) => {
    if (Array.isArray(value)) return value.map(figure).join(', ');
    return quality === 'rmse' && typeof value === 'number' ? figure(value) : String(value);
  };
  const isRight = String(label) === String(prediction);
  const className = !known || quality !== 'accuracy' ? '' : isRight ? 'right' : 'wrong';
  return [
    place(record),
    { text: show(prediction), className },
    probabilityOf({ prediction, ...rest }),
    known ? show(label) : '',
    number(known ? figure(loss) : ''),
  ];
}

function showAlarm({ refusedSteps, phase }) {
  const text =
    refusedSteps > 0
      ? 'Learning has stopped: a step would have made a weight non-finite.'
      : phase === 'failed'
        ? 'The run has failed; its log says why.'
        : '';
  byId('alarm').hidden = text === '';
  setText('alarm', text);
}

function show(now) {
  if (now.point) {
    points.push(now.point);
    drawCurves();
  }
  showFigures(now);
  showNetwork(now);
  showInputs(now);
  showOutputs(now);
  showAlarm(now);
  document.body.dataset.samples = String(now.samples);
}

/** Nothing for so long, and the connection counts as lost. */
const silenceMs = 3000;
let heardAt = performance.now();
/** Why the server takes no connection, in its words. */
let refusal;

function setConnected(isConnected, trouble = 'connection lost') {
  document.body.classList.toggle('stale', !isConnected);
  setText('connection', isConnected ? 'connected' : `${trouble}: trying again …`);
  byId('connection').className = `pill ${isConnected ? 'good' : 'bad'}`;
}

function connect() {
  const events = new EventSource('/events');
  const on = (name, use) =>
    events.addEventListener(name, ({ data }) => {
      heardAt = performance.now();
      refusal = undefined;
      setConnected(true);
      use(JSON.parse(data));
    });
  on('history', (all) => {
    points = all;
    drawCurves();
  });
  on('now', show);
  events.addEventListener('error', async () => {
    setConnected(false);
    // A connection that was refused is given up by the browser: begin anew.
    if (events.readyState !== EventSource.CLOSED) return;
    refusal = await whyRefused();
    setConnected(false, refusal);
    setTimeout(connect, 2000);
  });
}

/** The server's words, which an EventSource does not tell; undefined where it has none, or refuses no more. */
async function whyRefused() {
  const stop = new AbortController();
  try {
    const reply = await fetch('/events', { signal: stop.signal });
    return reply.ok ? undefined : (await reply.json()).error;
  } catch {
    return undefined;
  } finally {
    stop.abort();
  }
}

setInterval(() => {
  if (performance.now() - heardAt > silenceMs) setConnected(false, refusal);
}, 500);
connect();

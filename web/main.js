// The page: manifests and a policy in, the plan and its diff out.
import { planOf, startLibrary } from './library.js';
import { fromDrop, fromInput } from './files.js';
import { linkTo, sharedState } from './share.js';
import { policyControls } from './policy.js';
import { show, showFailure } from './results.js';
import { tabs } from './tabs.js';

/** How a text that was pasted is called in messages and diffs. */
const PASTED = 'manifests.yaml';

/** How the configuration is called in messages. */
const POLICY = 'policy.yaml';

/** Milliseconds after the last key before the plan is made again. */
const PAUSE = 150;

/** Longer links are cut by some programs, in characters. */
const LONG_LINK = 8000;

const byId = (id) => document.getElementById(id);
const manifests = byId('manifests');
const config = byId('config');
const fileChoice = byId('file');
const link = byId('link');

let state = pasted(manifests.value);
let patch = '';
let controls;
let timer;

function pasted(text) {
  return { files: [{ name: PASTED, text, walked: false }], charts: [], problems: [] };
}

function compute() {
  clearTimeout(timer);
  const { files, charts } = state;
  try {
    const answer = planOf({ files, charts, config: config.value });
    show(answer, goTo);
    patch = answer.patch;
    byId('copy-patch').disabled = answer.errors.length > 0 || patch === '';
  } catch (error) {
    console.error(error);
    showFailure(`The plan cannot be made: ${error.message ?? error}`);
  }
}

function computeSoon() {
  byId('shared').hidden = true;
  clearTimeout(timer);
  timer = setTimeout(compute, PAUSE);
}

/** Shows other manifests. */
function open(next) {
  state = next;
  fileChoice.replaceChildren(...state.files.map(({ name }, index) => new Option(name, index)));
  byId('file-choice').hidden = state.files.length === 1 && state.files[0].name === PASTED;
  byId('file-note').replaceChildren(...notes());
  openFile(0);
  computeSoon();
}

function openFile(index) {
  fileChoice.value = index;
  manifests.value = state.files[index]?.text ?? '';
  manifests.disabled = state.files.length === 0;
  manifests.scrollTop = 0;
}

function notes() {
  const count = state.files.length;
  const named = count === 1 && state.files[0].name === PASTED;
  const first = named
    ? 'Deployments, StatefulSets and what belongs to them. You can drop files and folders anywhere on this page.'
    : `${count} ${count === 1 ? 'file' : 'files'}. Drop others to replace them.`;
  const problems = state.problems.map((problem) => `Not read: ${problem}.`);
  return [first, ...problems].flatMap((text, index) => (index ? [document.createElement('br'), text] : [text]));
}

async function openFound(found) {
  try {
    const next = await found;
    if (next.files.length > 0) return open(next);
    const why = next.problems[0] ?? 'There is no .yaml, .yml or .json file in it.';
    showFailure(next.charts.length > 0 ? `Render the chart first (helm template): ${next.charts[0]}` : why);
  } catch (error) {
    showFailure(`This cannot be read: ${error.message ?? error}`);
  }
}

/** Selects the line of a message in its text. */
function goTo({ file, line, column }) {
  const editor = file === POLICY ? config : manifests;
  if (editor === config) byId('yaml').open = true;
  const index = state.files.findIndex(({ name }) => name === file);
  if (editor === manifests && index >= 0) openFile(index);
  const lines = editor.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  editor.focus();
  editor.setSelectionRange(start + column - 1, start + (lines[line - 1]?.length ?? 0));
  const height = editor.scrollHeight / lines.length;
  editor.scrollTop = Math.max(0, (line - 4) * height);
}

async function share() {
  const { files, charts } = state;
  const address = await linkTo({ files, charts, config: config.value });
  history.replaceState(null, '', address);
  link.value = address;
  byId('shared').hidden = false;
  const copied = await copy(address, link);
  const long = address.length > LONG_LINK ? ` It has ${address.length} characters; some programs cut long links.` : '';
  byId('link-note').textContent = (copied ? 'Copied.' : 'Copy it from here.') + long;
}

/** Copies `text`; where the browser refuses, `field` is selected for the person to do it. */
async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus();
    field?.select();
    return false;
  }
}

/** Says for a moment on `button` what became of it. */
async function copyFrom(button, text, field) {
  const label = button.textContent;
  button.textContent = (await copy(text, field)) ? 'Copied' : 'Not copied';
  setTimeout(() => (button.textContent = label), 1500);
}

/** Shows what the address holds; whether it holds anything. */
async function openShared() {
  try {
    const shared = await sharedState();
    if (!shared) return false;
    config.value = shared.config;
    controls.read();
    open({ ...shared, problems: [] });
    return true;
  } catch (error) {
    console.error(error);
    showFailure('This link is damaged: it may have been cut.');
    return true;
  }
}

function dropping(event) {
  return event.dataTransfer?.types.includes('Files');
}

function listen() {
  manifests.addEventListener('input', () => {
    const file = state.files[fileChoice.value || 0];
    if (file) file.text = manifests.value;
    computeSoon();
  });
  config.addEventListener('input', () => {
    controls.read();
    computeSoon();
  });
  fileChoice.addEventListener('change', () => openFile(Number(fileChoice.value)));
  byId('example').addEventListener('click', () => open(pasted(manifests.defaultValue)));
  byId('reset').addEventListener('click', () => {
    config.value = '';
    controls.read();
    computeSoon();
  });
  for (const [button, input] of [['pick-files', 'files'], ['pick-folder', 'folder']]) {
    byId(button).addEventListener('click', () => byId(input).click());
    byId(input).addEventListener('change', (event) => {
      if (event.target.files.length > 0) openFound(fromInput(event.target));
      event.target.value = '';
    });
  }
  byId('share').addEventListener('click', share);
  byId('copy-patch').addEventListener('click', (event) => copyFrom(event.target, patch));
  byId('copy-config').addEventListener('click', (event) => copyFrom(event.target, config.value, config));
  addEventListener('hashchange', openShared);
  listenToDrops();
}

function listenToDrops() {
  const veil = byId('drop');
  addEventListener('dragenter', (event) => (veil.hidden = !dropping(event)));
  addEventListener('dragleave', (event) => (veil.hidden ||= event.relatedTarget === null));
  addEventListener('dragover', (event) => dropping(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!dropping(event)) return;
    event.preventDefault();
    openFound(fromDrop(event.dataTransfer));
  });
}

async function main() {
  try {
    await startLibrary();
  } catch (error) {
    console.error(error);
    showFailure(`This browser cannot run the page: ${error.message ?? error}`);
    return;
  }
  controls = policyControls(byId('controls'), byId('controls-note'), config, computeSoon);
  controls.read();
  tabs(document.querySelector('[role=tablist]'));
  listen();
  if (!(await openShared())) compute();
}

main();

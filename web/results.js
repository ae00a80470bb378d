// What came out: the plan and the diffs, made by the library, or what is wrong.

const panels = ['plan', 'changes'].map((id) => document.getElementById(id));
const errors = document.getElementById('errors');
const status = document.getElementById('status');
const changesTab = document.getElementById('tab-changes');

/** Shows an answer of the library. `goTo` leads to a place in a text: `(file, line, column)`. */
export function show(answer, goTo) {
  const failed = answer.errors.length > 0;
  document.getElementById('loading')?.remove();
  // The last plan stays in sight while somebody types, but nobody shall take it for the plan of this text.
  for (const panel of panels) {
    panel.classList.toggle('stale', failed);
    panel.inert = failed;
  }
  errors.replaceChildren(...(failed ? [errorList(answer.errors, goTo)] : []));
  if (failed) {
    status.textContent = '';
    return;
  }
  const [plan, changes] = panels;
  plan.innerHTML = answer.plan;
  changes.innerHTML = answer.changes || '<p class="note">Nothing would change.</p>';
  const files = changes.querySelectorAll('details');
  if (files.length <= 3) files.forEach((file) => (file.open = true));
  changesTab.textContent = files.length > 1 ? `Changes in ${files.length} files` : 'Changes';
  status.textContent = plan.querySelector('.lead')?.textContent ?? '';
}

/** Shows one message that the library did not make. */
export function showFailure(message) {
  show({ errors: [{ code: '', about: '', file: null, message }] }, () => {});
}

function errorList(problems, goTo) {
  const list = document.createElement('ul');
  list.className = 'errors';
  for (const { code, about, file, message } of problems) {
    const item = document.createElement('li');
    const name = document.createElement('strong');
    name.textContent = code;
    item.append(name, `${code && ' '}${about}${about && ': '}${message}`);
    const place = placeIn(message, file);
    if (place) item.append(' ', button(`Go to line ${place.line}`, () => goTo(place)));
    list.append(item);
  }
  return list;
}

/** The first place that a message names: `policy.yaml: ... line 3, column 7`. */
function placeIn(message, file) {
  const found = /\bline (\d+)(?:, column (\d+))?/.exec(message);
  if (!found) return null;
  const name = file ?? /^(\S+): /.exec(message)?.[1];
  return { file: name, line: Number(found[1]), column: Number(found[2] ?? 1) };
}

function button(text, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', action);
  return made;
}

// The controls of the policy. The configuration in YAML is the truth: a control reads one setting of it and
// writes that one setting.
import { choices, configured, settings } from './library.js';

/** Builds the controls in `place`. `editor` holds the configuration, `changed` is told of each change. */
export function policyControls(place, note, editor, changed) {
  const controls = groups(choices()).map((group) => fieldset(place, group)).flat();
  const paths = [['kind'], ...controls.map((control) => control.path)];

  for (const control of controls) {
    control.input.addEventListener(control.input.tagName === 'SELECT' ? 'change' : 'input', () => {
      const value = control.input.value.trim();
      const isDefault = value === '' || value === control.fallback;
      try {
        editor.value = configured(editor.value, control.path, isDefault ? null : value);
        note.hidden = true;
      } catch (error) {
        say(note, `This setting cannot be changed here: ${error.message ?? error}.`);
        return;
      }
      changed();
    });
  }

  /** Shows what the configuration says. */
  function read() {
    let values = null;
    try {
      values = settings(editor.value, paths);
      note.hidden = true;
    } catch {
      say(note, 'The configuration in YAML cannot be read. Correct it, and the controls are back.');
    }
    const kind = values?.shift() ?? 'SpotDistribution';
    if (kind !== 'SpotDistribution') {
      say(note, `The controls change a SpotDistribution. This is a ${kind}: edit it in YAML.`);
      values = null;
    }
    controls.forEach(({ input, fallback }, index) => {
      input.disabled = values === null;
      if (input !== document.activeElement && values !== null) {
        input.value = values[index] ?? fallback;
      }
    });
  }

  return { read };
}

function say(note, text) {
  note.textContent = text;
  note.hidden = false;
}

/** What is asked for, with the place of each setting. */
function groups({ providers, bases, deployment, statefulSet, singleReplica }) {
  const kind = (legend, key, { strategies, strategy, base, percent }) => ({
    legend,
    fields: [
      { label: 'Strategy', options: strategies, fallback: strategy, path: at(key, 'strategy') },
      { label: 'Base', words: bases, fallback: base, path: at(key, 'onDemand', 'base') },
      {
        label: 'Percent above base',
        range: [0, 100],
        fallback: String(percent),
        path: at(key, 'onDemand', 'percentAboveBase'),
      },
    ],
  });
  return [
    {
      legend: 'Nodes',
      fields: [
        {
          label: 'Provider',
          options: ['', ...providers],
          fallback: '',
          path: ['spec', 'capacity', 'provider'],
        },
      ],
    },
    kind('Deployments', 'deployment', deployment),
    kind('StatefulSets', 'statefulSet', statefulSet),
    {
      legend: 'Single replicas',
      fields: [
        {
          label: 'Strategy',
          options: singleReplica.strategies,
          fallback: singleReplica.strategy,
          path: at('singleReplica', 'strategy'),
        },
      ],
    },
  ];
}

function at(...path) {
  return ['spec', 'defaults', ...path];
}

function fieldset(place, { legend, fields }) {
  const set = document.createElement('fieldset');
  set.append(element('legend', legend));
  place.append(set);
  return fields.map((field) => {
    const label = document.createElement('label');
    const input = field.options ? select(field) : box(field);
    input.id = field.path.slice(1).join('-');
    label.append(element('span', field.label), input);
    set.append(label);
    return { ...field, input };
  });
}

function select({ options, fallback }) {
  const input = document.createElement('select');
  for (const value of options) {
    const text = value === '' ? 'none (default)' : value;
    const option = element('option', value === fallback && value !== '' ? `${text} (default)` : text);
    option.value = value;
    input.append(option);
  }
  return input;
}

function box({ words, range, fallback }) {
  const input = document.createElement('input');
  input.placeholder = fallback;
  if (range) {
    [input.type, input.min, input.max] = ['number', ...range];
  } else {
    const list = document.createElement('datalist');
    list.id = 'bases';
    list.append(...['1', '2', '3', ...words].map((word) => new Option(word)));
    if (!document.getElementById(list.id)) document.body.append(list);
    input.setAttribute('list', list.id);
    input.autocapitalize = 'off';
  }
  return input;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

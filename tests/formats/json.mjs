// Our own schema, by a validator that refuses what a lenient one passes over: unknown keywords,
// formats that it does not know, types that a keyword has no meaning for.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

let validate;

export function* complaints(text, path, { root }) {
  if (!validate) {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
    addFormats(ajv);
    validate = ajv.compile(JSON.parse(readFileSync(`${root}/rules/schema/report-1.schema.json`)));
  }
  if (validate(JSON.parse(text))) return;
  for (const error of validate.errors) yield `${error.instancePath}: ${error.message}`;
}

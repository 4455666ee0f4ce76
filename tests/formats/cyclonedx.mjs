// CycloneDX's own library, which validates by the strict schema of 1.6, and that of package URLs.

import * as CDX from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';

const validator = new CDX.Validation.JsonStrictValidator(CDX.Spec.Version.v1dot6);

function* componentsOf(bom) {
  const open = [bom.metadata.component, ...bom.components];
  while (open.length > 0) {
    const component = open.pop();
    yield component;
    open.push(...(component.components ?? []));
  }
}

function* ofPurl(component) {
  if (!component.purl) return;
  let canonical;
  try {
    canonical = PackageURL.fromString(component.purl).toString();
  } catch (error) {
    yield `${component.purl}: ${error.message}`;
    return;
  }
  if (canonical !== component.purl) yield `${component.purl} is written ${canonical}`;
}

export async function* complaints(text) {
  const error = await validator.validate(text);
  if (error !== null) yield `schema: ${JSON.stringify(error).slice(0, 1000)}`;
  const references = new Set();
  for (const component of componentsOf(JSON.parse(text))) {
    if (references.has(component['bom-ref'])) yield `two are ${component['bom-ref']}`;
    references.add(component['bom-ref']);
    yield* ofPurl(component);
  }
}

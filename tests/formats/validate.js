// validate.js SCHEMA FILE...: every FILE is a document of the schema, which is
// of JSON Schema 2020-12 and well made, or another's of draft 7.
import { readFileSync } from "node:fs";
import Draft7 from "ajv";
import Ajv from "ajv/dist/2020.js";

const [schema, ...files] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const compile = (document) =>
  document.$schema.includes("draft-07")
    ? new Draft7({ strict: false }).compile(document)
    : new Ajv({ strict: true, allowUnionTypes: true }).compile(document);
const validate = compile(read(schema));
let failed = files.length === 0;
for (const file of files) {
  if (!validate(read(file))) {
    console.error(`${file}: ${JSON.stringify(validate.errors.slice(0, 3))}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

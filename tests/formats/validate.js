// validate.js SCHEMA FILE...: every FILE is a document of the schema.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const [schema, ...files] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(read(schema));
let failed = files.length === 0;
for (const file of files) {
  if (!validate(read(file))) {
    console.error(`${file}: ${JSON.stringify(validate.errors.slice(0, 3))}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

// pprof.js FILE TYPE: FILE is a profile, compressed: samples of causes, leaf first, each with a
// name, one of them of TYPE, and the first kind of value is a count.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Profile } from "pprof-format";

const profile = Profile.decode(gunzipSync(readFileSync(process.argv[2])));
const text = (index) => profile.stringTable.strings[Number(index)];
const locations = new Map(profile.location.map((l) => [Number(l.id), l]));
const functions = new Map(profile.function.map((f) => [Number(f.id), f]));
const names = (sample) =>
  sample.locationId.map((id) => {
    const line = locations.get(Number(id)).line[0];
    return text(functions.get(Number(line.functionId)).name);
  });
const well =
  text(0) === "" &&
  text(profile.sampleType[0].type) === "resources" &&
  text(profile.sampleType[0].unit) === "count" &&
  profile.sample.length > 0 &&
  profile.sample.every((s) => s.value.length === profile.sampleType.length && s.value[0] > 0) &&
  profile.sample.every((s) => s.locationId.length > 0 && names(s).every((n) => n !== "")) &&
  profile.sample.some((s) => names(s)[0].startsWith(process.argv[3]));
if (!well) console.error(profile.sample.map(names));
process.exit(well ? 0 : 1);

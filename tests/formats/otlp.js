// otlp.js FILE...: every FILE is an ExportTraceServiceRequest of the OTLP schema
// and loses nothing on its way through it, as protocol buffers and back. A key
// that is spelt otherwise than the schema's would be lost.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { deepStrictEqual } from "node:assert";

const require = createRequire(import.meta.url);
const root = require("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

// In JSON ids are hexadecimal, in the schema bytes.
const bytesOf = (hex, size) => {
  if (!new RegExp(`^[0-9a-f]{${2 * size}}$`).test(hex) || /^0*$/.test(hex))
    throw new Error(`${hex} is no id of ${size} bytes`);
  return Buffer.from(hex, "hex");
};
// The package's schema is older than the flags of spans, an uint32.
const withoutFlags = (of) => {
  if (!Number.isInteger(of.flags ?? 0) || (of.flags ?? 0) >>> 0 !== (of.flags ?? 0))
    throw new Error(`${of.flags} is no uint32`);
  delete of.flags;
};
const withBytes = (of) => {
  withoutFlags(of);
  of.traceId = bytesOf(of.traceId, 16);
  of.spanId = bytesOf(of.spanId, 8);
  if ("parentSpanId" in of) of.parentSpanId = bytesOf(of.parentSpanId, 8);
  (of.links ?? []).forEach(withBytes);
};

// verify() takes numbers for what JSON has as text: 64 bits.
const check = (file) => {
  const document = JSON.parse(readFileSync(file, "utf8"));
  const spans = document.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans));
  spans.forEach(withBytes);
  const message = Request.fromObject(document);
  const wrong = Request.verify(message);
  if (wrong) throw new Error(wrong);
  const back = Request.toObject(Request.decode(Request.encode(message).finish()), {
    longs: String,
    bytes: Buffer,
  });
  const plain = (value) =>
    JSON.parse(JSON.stringify(value, (key, v) => (v?.type === "Buffer" ? Buffer.from(v.data).toString("hex") : v)));
  deepStrictEqual(plain(back), plain(document));
  if (spans.length === 0) throw new Error("no span");
};

let failed = process.argv.length < 3;
for (const file of process.argv.slice(2)) {
  try {
    check(file);
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

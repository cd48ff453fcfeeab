// Generates src/api.ts from the OpenAPI document of the API: a type for each schema, and
// a table of the calls. With --check, it only compares.
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../../../proto/openapi/openapi.json", import.meta.url);
const target = new URL("../src/api.ts", import.meta.url);
const { components, paths } = JSON.parse(readFileSync(source, "utf8"));

/** The TypeScript type of a schema. */
function type(schema, indent = "") {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return [...new Set(variants.map((v) => type(v, indent)))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((t) => type({ ...schema, type: t }, indent)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array": {
      const item = type(schema.items, indent);
      return /[ |{]/.test(item) ? `Array<${item}>` : `${item}[]`;
    }
    case "object": {
      const rest = schema.additionalProperties;
      if (schema.properties) return `{\n${members(schema, indent + "  ")}${indent}}`;
      return `Record<string, ${rest && rest !== true ? type(rest, indent) : "unknown"}>`;
    }
    case undefined:
      return "unknown"; // any JSON
  }
  throw new Error(`unknown type ${JSON.stringify(schema)}`);
}

/** A comment: the first sentence of a description. */
function comment(text, indent) {
  if (!text) return "";
  const first = /^[^]*?[.:;](?=\s|$)/.exec(text.replace(/\s+/g, " "))?.[0] ?? text;
  return `${indent}/** ${first.replaceAll("*/", "*\\/").replace(/[:;]$/, ".")} */\n`;
}

function members(schema, indent) {
  return Object.entries(schema.properties)
    .map(([name, one]) => {
      const key = /^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name);
      const needed = schema.required?.includes(name) ? "" : "?";
      return `${comment(one.description, indent)}${indent}${key}${needed}: ${type(one, indent)};\n`;
    })
    .join("");
}

// A call answers JSON; streams of lines are written by hand in client.ts. The addresses
// that other products define have clients of their own.
const json = (content) => content?.["application/json"]?.schema;
const calls = Object.entries(paths)
  .filter(([path]) => path.startsWith("/v1/") && !path.startsWith("/v1/vector_stores/"))
  .flatMap(([path, methods]) => Object.entries(methods).map(([method, call]) => ({ path, method, call })))
  .filter(({ call }) => json(call.responses["200"]?.content))
  .sort((a, b) => (a.call.operationId < b.call.operationId ? -1 : 1));
const named = (call, place) => (call.parameters ?? []).filter((p) => p.in === place);

/** The names of the schemas that the calls need. */
const needed = new Set();
function need(part) {
  if (part === null || typeof part !== "object") return;
  const name = typeof part.$ref === "string" ? part.$ref.split("/").pop() : undefined;
  if (name && !needed.has(name)) {
    needed.add(name);
    need(components.schemas[name]);
  }
  Object.values(part).forEach(need);
}
need(calls);
need({ $ref: "#/components/schemas/Status" });

let code = "// Generated from proto/openapi/openapi.json by scripts/generate.mjs. Do not edit.\n";
for (const [name, schema] of Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (!needed.has(name)) continue;
  code += "\n" + comment(schema.description, "");
  code +=
    schema.type === "object" && schema.properties
      ? `export interface ${name} {\n${members(schema, "  ")}}\n`
      : `export type ${name} = ${type(schema)};\n`;
}

code += "\n/** The calls by name: the parameters of path and query, the body (never: none), and the answer. */\n";
code += "export interface Calls {\n";
for (const { call } of calls) {
  const body = json(call.requestBody?.content);
  const parameters = [...named(call, "path"), ...named(call, "query")]
    .map((p) => `${JSON.stringify(p.name)}${p.required ? "" : "?"}: ${type(p.schema)}`)
    .join("; ");
  code += comment(call.description ?? call.summary, "  ");
  code += `  ${call.operationId}: { parameters: {${parameters ? ` ${parameters} ` : ""}}; body: ${body ? type(body, "  ") : "never"}; answer: ${type(json(call.responses["200"].content))} };\n`;
}
code += "}\n\n/** Where the calls are. */\nexport const routes: { readonly [Name in keyof Calls]: readonly [method: string, path: string] } = {\n";
for (const { path, method, call } of calls) code += `  ${call.operationId}: [${JSON.stringify(method.toUpperCase())}, ${JSON.stringify(path)}],\n`;
code += "};\n";

if (process.argv[2] === "--check") {
  if (readFileSync(target, "utf8") !== code) {
    console.error("clients/typescript/src/api.ts is stale: run make stubs");
    process.exit(1);
  }
} else {
  writeFileSync(target, code);
}

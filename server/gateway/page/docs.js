"use strict";
// Shows openapi.json: every operation with its fields, and a form that sends its example.

const element = (name, attributes, ...children) => {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else e.setAttribute(key, value);
  }
  e.append(...children.filter((child) => child !== null && child !== undefined));
  return e;
};

let api;
const nameOf = (schema) => schema.$ref ? schema.$ref.split("/").pop() : "";
const resolve = (schema) => schema.$ref ? api.components.schemas[nameOf(schema)] : schema;

// kind describes the type of a schema in few words.
const kind = (schema) => {
  const resolved = resolve(schema);
  if (resolved.type === "array") return "list of " + kind(resolved.items || {});
  if (resolved.enum) return resolved.enum.filter((value) => value !== "UNSPECIFIED").join(" | ");
  if (resolved.type === "object" && resolved.additionalProperties) return "map to " + kind(resolved.additionalProperties);
  return nameOf(schema) || [].concat(resolved.type || "any").join(" | ");
};

// fields shows the fields of a message; those of nested messages appear when they are opened.
const fields = (schema) => {
  const resolved = resolve(schema);
  const inner = resolved.type === "array" ? resolve(resolved.items || {}) : resolved;
  if (!inner.properties) return null;
  const rows = Object.entries(inner.properties).map(([name, property]) => {
    const required = (inner.required || []).includes(name) ? ", required" : "";
    const description = element("td", {}, property.description || "");
    const nested = element("details", {}, element("summary", {}, "fields"));
    const target = resolve(property).type === "array" ? resolve(property).items || {} : property;
    if (resolve(target).properties) {
      nested.addEventListener("toggle", () => { if (nested.childElementCount === 1) nested.append(fields(target)); });
      description.append(nested);
    }
    return element("tr", {}, element("td", {}, element("code", {}, name)), element("td", { class: "of" }, kind(property) + required), description);
  });
  return element("table", {}, ...rows);
};

// form sends a request and shows the answer.
const form = (verb, path, operation) => {
  const inputs = (operation.parameters || []).map((parameter) => {
    const input = element("input", { type: "text" });
    if (parameter.example !== undefined) input.value = [].concat(parameter.example).join(",");
    return [parameter, input];
  });
  const content = operation.requestBody && Object.entries(operation.requestBody.content)[0];
  const body = content && element("textarea", { spellcheck: "false" });
  if (body) body.value = typeof content[1].example === "string" ? content[1].example : JSON.stringify(content[1].example || {}, null, 2);
  const answer = element("pre", { hidden: "" });
  const send = async () => {
    let address = path;
    const query = new URLSearchParams();
    for (const [parameter, input] of inputs) {
      if (parameter.in === "path") address = address.replace("{" + parameter.name + "}", () => input.value.split("/").map(encodeURIComponent).join("/"));
      else if (input.value !== "" && parameter.schema.type === "array") input.value.split(",").forEach((value) => query.append(parameter.name, value));
      else if (input.value !== "") query.append(parameter.name, input.value);
    }
    if (query.size > 0) address += "?" + query;
    answer.hidden = false;
    answer.textContent = "…";
    try {
      const response = await fetch(address, { method: verb.toUpperCase(), headers: body ? { "Content-Type": content[0] } : {}, body: body ? body.value : undefined });
      let text = await response.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* lines of JSON */ }
      answer.textContent = verb.toUpperCase() + " " + address + "\n" + response.status + " " + response.statusText + "\n\n" + text;
    } catch (problem) {
      answer.textContent = String(problem);
    }
  };
  const rows = inputs.map(([parameter, input]) => element("tr", {},
    element("td", {}, element("code", {}, parameter.name)), element("td", { class: "of" }, kind(parameter.schema) + (parameter.required ? ", required" : "")),
    element("td", {}, input), element("td", {}, parameter.description || "")));
  return [rows.length ? element("table", {}, ...rows) : null, body, element("button", { type: "button", onclick: send }, "Send"), answer];
};

const show = (verb, path, operation) => {
  const details = element("details", { "data-text": (verb + " " + path + " " + operation.operationId).toLowerCase() }, element("summary", {},
    element("code", { class: "verb" }, verb.toUpperCase()), element("code", {}, path), " ", element("span", { class: "of" }, operation.summary || "")));
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    const content = operation.requestBody && Object.values(operation.requestBody.content)[0];
    const answer = operation.responses["200"] && Object.values(operation.responses["200"].content || {})[0];
    details.append(element("p", {}, operation.description || ""), ...form(verb, path, operation).filter(Boolean));
    if (content && resolve(content.schema).properties) details.append(element("details", {}, element("summary", {}, "Fields of the body"), fields(content.schema)));
    if (answer && resolve(answer.schema).properties) details.append(element("details", {}, element("summary", {}, "Fields of the answer"), fields(answer.schema)));
  });
  return details;
};

const start = async () => {
  const main = document.getElementById("operations");
  try {
    api = await (await fetch("/openapi.json")).json();
  } catch (problem) {
    main.textContent = "The description cannot be read: " + problem;
    return;
  }
  main.textContent = "";
  for (const tag of api.tags) {
    main.append(element("h2", {}, tag.name), element("p", {}, tag.description || ""));
    for (const [path, item] of Object.entries(api.paths)) {
      for (const [verb, operation] of Object.entries(item)) {
        if (operation.tags.includes(tag.name)) main.append(show(verb, path, operation));
      }
    }
  }
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const one of main.querySelectorAll("[data-text]")) one.hidden = !one.dataset.text.includes(wanted);
  });
};
start();

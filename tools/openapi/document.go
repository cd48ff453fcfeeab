package main

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
)

// document collects what the services have.
type document struct {
	examples map[string]example
	used     map[string]bool // operations
	tags     []any
	paths    object

	asked    map[string]*protogen.Message // messages of requests
	answered map[string]*protogen.Message // messages of answers
	bodies   map[string]body
	enums    map[string]*protogen.Enum
}

// example is a request that works on the index of the seeds.
type example struct {
	Parameters object
	Body       any
}

// body is a message whose bound fields are in the path.
type body struct {
	message *protogen.Message
	bound   map[string]bool
}

func newDocument() *document {
	return &document{
		used: map[string]bool{}, paths: object{}, asked: map[string]*protogen.Message{}, answered: map[string]*protogen.Message{},
		bodies: map[string]body{}, enums: map[string]*protogen.Enum{},
	}
}

func (d *document) service(s *protogen.Service) {
	d.tags = append(d.tags, object{"name": string(s.Desc.Name()), "description": text(s.Comments.Leading)})
	for _, m := range s.Methods {
		rule, ok := proto.GetExtension(m.Desc.Options(), annotations.E_Http).(*annotations.HttpRule)
		if !ok || rule == nil {
			continue
		}
		name := string(m.Desc.Name())
		d.operation(s, m, rule, name)
		for _, rule := range rule.GetAdditionalBindings() {
			verb, _ := verbOf(rule)
			other := name + strings.ToUpper(verb[:1]) + verb[1:]
			for n := 2; d.used[other]; n++ {
				other = fmt.Sprint(name, strings.ToUpper(verb[:1]), verb[1:], n)
			}
			d.operation(s, m, rule, other)
		}
	}
}

func verbOf(rule *annotations.HttpRule) (verb, template string) {
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return "get", p.Get
	case *annotations.HttpRule_Put:
		return "put", p.Put
	case *annotations.HttpRule_Post:
		return "post", p.Post
	case *annotations.HttpRule_Delete:
		return "delete", p.Delete
	case *annotations.HttpRule_Patch:
		return "patch", p.Patch
	}
	return "", ""
}

var parameter = regexp.MustCompile(`\{([a-z0-9_.]+)(=\*\*)?\}`)

func (d *document) operation(s *protogen.Service, m *protogen.Method, rule *annotations.HttpRule, name string) {
	verb, template := verbOf(rule)
	d.used[name] = true
	given := d.examples[name]
	var parameters []any
	bound := map[string]bool{}
	template = parameter.ReplaceAllStringFunc(template, func(part string) string {
		path := parameter.FindStringSubmatch(part)[1]
		bound[path] = true
		field := find(m.Input, path)
		short := path[strings.LastIndex(path, ".")+1:]
		p := object{
			"name": short, "in": "path", "required": true, "schema": d.field(field, d.asked), "description": text(field.Comments.Leading),
		}
		if strings.HasSuffix(part, "=**}") {
			p["x-slashes"] = true // an id may have slashes, which need no escape
		}
		parameters = append(parameters, p)
		return "{" + short + "}"
	})
	all := text(m.Comments.Leading)
	summary, _, _ := strings.Cut(all, ". ")
	operation := object{
		"operationId": name, "tags": []any{string(s.Desc.Name())}, "summary": strings.TrimSuffix(summary, ".") + ".", "description": all,
		"responses": object{
			"200":     object{"description": text(m.Output.Comments.Leading), "content": asJSON(d.message(m.Output, d.answered))},
			"default": object{"description": "The error, with the status of HTTP that docs/http.md lists.", "content": asJSON(ref("Status"))},
		},
	}
	switch rule.GetBody() {
	case "*":
		operation["requestBody"] = requestBody(d.message(m.Input, d.asked), given.Body)
	case "":
		parameters = append(parameters, d.query(m.Input, bound, "")...)
		switch verb + " " + template {
		case "get /v1/search":
			parameters = shortNames(parameters)
		case "get /v1/facets":
			parameters = facets()
		}
	default:
		field := find(m.Input, rule.GetBody())
		operation["requestBody"] = requestBody(d.body(field.Message, bound, rule.GetBody()), given.Body)
		bound[rule.GetBody()] = true
		parameters = append(parameters, d.query(m.Input, bound, "")...)
	}
	for _, p := range parameters {
		p := p.(object)
		if value, ok := given.Parameters[p["name"].(string)]; ok {
			p["example"] = value
		}
	}
	if len(parameters) > 0 {
		operation["parameters"] = parameters
	}
	item, ok := d.paths[template].(object)
	if !ok {
		item = object{}
		d.paths[template] = item
	}
	item[verb] = operation
}

// shortNames adds the names that people type.
func shortNames(parameters []any) []any {
	for _, p := range parameters {
		delete(p.(object), "required") // q may stand for query
	}
	return append([]any{
		object{"name": "q", "in": "query", "schema": object{"type": "string"}, "description": "Short for query. One of the two is required."},
		object{"name": "limit", "in": "query", "schema": object{"type": "integer", "format": "int32"}, "description": "Short for page_size."},
	}, parameters...)
}

// facets are the fields of a query that stand for a list of messages.
func facets() []any {
	return []any{
		object{
			"name": "fields", "in": "query", "schema": object{"type": "array", "items": object{"type": "string"}},
			"description": "The fields to count: language, source, author, tag, year or metadata.KEY. Without it: those of the call's default.",
		},
		object{"name": "limit", "in": "query", "schema": object{"type": "integer", "format": "int32"}, "description": "Most values of each of the fields."},
	}
}

// query returns the fields that a query can have: scalars, lists of scalars, and those of messages that do not repeat.
func (d *document) query(m *protogen.Message, bound map[string]bool, prefix string) (all []any) {
	for _, f := range m.Fields {
		path := prefix + string(f.Desc.Name())
		switch {
		case bound[path] || f.Desc.IsMap():
		case f.Message != nil && !wellKnown(f.Message):
			if !f.Desc.IsList() && !recursive(f.Message, nil) && prefix == "" {
				all = append(all, d.query(f.Message, bound, path+".")...)
			}
		default:
			p := object{"name": path, "in": "query", "schema": d.field(f, d.asked), "description": text(f.Comments.Leading)}
			if required(f) && prefix == "" {
				p["required"] = true
			}
			all = append(all, p)
		}
	}
	return all
}

// recursive reports whether a message contains itself.
func recursive(m *protogen.Message, above []*protogen.Message) bool {
	for _, one := range above {
		if one == m {
			return true
		}
	}
	for _, f := range m.Fields {
		if f.Message != nil && recursive(f.Message, append(above, m)) {
			return true
		}
	}
	return false
}

func find(m *protogen.Message, path string) *protogen.Field {
	name, rest, nested := strings.Cut(path, ".")
	for _, f := range m.Fields {
		if string(f.Desc.Name()) == name {
			if nested {
				return find(f.Message, rest)
			}
			return f
		}
	}
	panic("there is no field " + path)
}

func asJSON(schema object) object { return object{"application/json": object{"schema": schema}} }

func requestBody(schema object, example any) object {
	content := object{"schema": schema}
	if example != nil {
		content["example"] = example
	}
	return object{"required": true, "content": object{"application/json": content}}
}

// text is a comment without its line ends.
func text(c protogen.Comments) string {
	paragraphs := strings.Split(strings.TrimSpace(string(c)), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

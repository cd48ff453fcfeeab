package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"dalil/server/gateway"
)

// description is the part of the OpenAPI document that tests read.
type description struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]*jsonschema.Schema
	}
}

type operation struct {
	OperationID string
	Parameters  []struct {
		Name, In string
		Example  any
	}
	RequestBody *struct {
		Content map[string]struct {
			Example any
			Schema  *jsonschema.Schema
		}
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema *jsonschema.Schema }
	}
}

// notRun are operations whose examples would need another server.
var notRun = map[string]string{
	"GetOperation": "no operation runs", "WaitOperation": "no operation runs", "CancelOperation": "no operation runs",
	"StartRebuild": "it replaces the index", "CompareCollections": "there is one collection", "ActivateCollection": "there is one collection",
	"ActivateCollectionPost": "there is one collection", "RollbackCollection": "there is one collection", "DropCollection": "there is one collection",
	"GetPassages": "the id of a passage depends on the model; the example of Search leads to it",
}

// Every example of the document is answered, and request and answer have the described form.
func TestExamplesOfOpenAPI(t *testing.T) {
	s := serveOn(t, "qdrant", nil)
	d := s.describe(t)
	var run []string
	for path, item := range d.Paths {
		for verb, op := range item {
			if notRun[op.OperationID] == "" {
				run = append(run, op.OperationID+" "+strings.ToUpper(verb)+" "+path)
			}
		}
	}
	slices.SortFunc(run, func(a, b string) int { // deletions come last
		if x, y := strings.Contains(a, " DELETE "), strings.Contains(b, " DELETE "); x != y {
			if x {
				return 1
			}
			return -1
		}
		return strings.Compare(b, a) // documents are written before they are read
	})
	for _, one := range run {
		parts := strings.SplitN(one, " ", 3)
		verb, path := parts[1], parts[2]
		t.Run(parts[0], func(t *testing.T) { s.example(t, d, verb, path) })
	}
	for id := range notRun {
		if !strings.Contains(fmt.Sprint(d.Paths), id) {
			t.Errorf("there is no operation %s", id)
		}
	}
}

func (s *service) describe(t *testing.T) description {
	t.Helper()
	var d description
	got := s.do(t, "GET", "/openapi.json", "")
	if got.header.Get("Content-Type") != "application/json" {
		t.Error(got.header)
	}
	got.decode(t, &d)
	return d
}

func (s *service) example(t *testing.T, d description, verb, path string) {
	op := d.Paths[path][strings.ToLower(verb)]
	query := url.Values{}
	for _, p := range op.Parameters {
		switch value := p.Example.(type) {
		case nil:
		case []any:
			for _, item := range value {
				query.Add(p.Name, fmt.Sprint(item))
			}
		default:
			if p.In == "path" {
				path = strings.Replace(path, "{"+p.Name+"}", fmt.Sprint(value), 1)
			} else {
				query.Set(p.Name, fmt.Sprint(value))
			}
		}
	}
	if strings.Contains(path, "{") {
		t.Fatalf("%s has no example", path)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body, header := "", []string{}
	if op.RequestBody != nil {
		for contentType, content := range op.RequestBody.Content {
			header = append(header, "Content-Type", contentType)
			if content.Example == nil {
				t.Fatal("the body has no example")
			}
			if text, ok := content.Example.(string); ok {
				body = text
				continue
			}
			encoded, err := json.Marshal(content.Example)
			if err != nil {
				t.Fatal(err)
			}
			body = string(encoded)
			if err := d.validate(t, content.Schema, content.Example); err != nil {
				t.Errorf("the example has another form: %v", err)
			}
		}
	}
	got := s.do(t, verb, path, body, header...)
	if got.status != 200 {
		t.Fatalf("%s %s %s: %d %.500s", verb, path, body, got.status, got.body)
	}
	schema := op.Responses["200"].Content["application/json"].Schema
	if schema == nil {
		return // lines
	}
	var answer any
	got.decode(t, &answer)
	if err := d.validate(t, schema, answer); err != nil {
		t.Errorf("the answer has another form: %v\n%.500s", err, got.body)
	}
	// The test can fail: an answer without its fields is another form.
	if len(answer.(map[string]any)) > 0 && d.Components.Schemas[strings.TrimPrefix(schema.Ref, "#/components/schemas/")] == nil {
		t.Errorf("there is no schema %s", schema.Ref)
	}
}

// validate compares a value with a schema of the document.
func (d description) validate(t *testing.T, schema *jsonschema.Schema, value any) error {
	t.Helper()
	const components = "#/components/schemas/"
	encoded, err := json.Marshal(map[string]any{"$ref": strings.Replace(schema.Ref, components, "#/$defs/", 1), "$defs": d.Components.Schemas})
	if err != nil {
		t.Fatal(err)
	}
	var whole jsonschema.Schema
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(encoded), components, "#/$defs/")), &whole); err != nil {
		t.Fatal(err)
	}
	resolved, err := whole.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Validate(value)
}

// The document has every route and no other.
func TestOpenAPIHasEveryRoute(t *testing.T) {
	s := serve(t, nil)
	var described []string
	for path, item := range s.describe(t).Paths {
		for verb := range item {
			described = append(described, strings.ToUpper(verb)+" "+path)
		}
	}
	own := []string{"GET /", "GET /openapi.json", "GET /docs", "GET /docs.js", "GET /docs.css"}
	for _, route := range gateway.Routes() {
		if !slices.Contains(described, route) && !slices.Contains(own, route) && !strings.HasSuffix(route, " /mcp") {
			t.Errorf("the document has no %s", route)
		}
	}
	for _, route := range described {
		if !slices.Contains(gateway.Routes(), route) {
			t.Errorf("the document has %s, which is not served", route)
		}
	}
}

// The page shows the document and loads nothing from elsewhere.
func TestDocumentationPage(t *testing.T) {
	s := serve(t, nil)
	for path, contentType := range map[string]string{"/": "text/html", "/docs": "text/html", "/docs/": "text/html", "/docs.js": "text/javascript", "/docs.css": "text/css"} {
		got := s.do(t, "GET", path, "")
		if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), contentType) ||
			!strings.Contains(got.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
		if strings.Contains(got.body, "//cdn") || strings.Contains(got.body, "https://") || strings.Contains(got.body, "http://") {
			t.Errorf("%s loads something from elsewhere", path)
		}
	}
}

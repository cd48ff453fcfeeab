package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dalil/access/keys"
	"dalil/corpus"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
	"dalil/server"
	"dalil/server/gateway"
)

// thing names what a call is about: something of another tenant, or nothing.
type thing struct{ document, passage, operation string }

// in fills a template.
func (x thing) in(template string) string {
	return strings.NewReplacer("<document>", x.document, "<passage>", x.passage, "<operation>", x.operation).Replace(template)
}

// out makes the answers about two things comparable: the names of the thing, and what
// differs from call to call, are masked.
func (x thing) out(answer string) string {
	answer = strings.NewReplacer(x.document, "<document>", x.passage, "<passage>", x.operation, "<operation>").Replace(answer)
	for _, mask := range masks {
		answer = mask.ReplaceAllString(answer, "<masked>")
	}
	return answer
}

var masks = []*regexp.Regexp{
	regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`),                          // times
	regexp.MustCompile(`"[0-9.]+s"`),                                         // durations
	regexp.MustCompile(`"(operation_id|index_token|etag|revision)":"[^"]*"`), // of what the call itself made
	regexp.MustCompile(`"passage_id":"[0-9a-f-]{36}"`),                       // of a document that would be written
}

// theirText has words that no other document has.
const theirText = "Falconry manuscripts describe the gyrfalcons of the northern emirates. Keepers trained them at dawn."

// about has what a caller of one tenant asks about things of another: for each method
// without the scope admin, the JSON of its request.
var about = map[string]string{
	"Search":          `{"query":"falconry manuscripts gyrfalcons","filter":{"in":{"field":"DOCUMENT_ID","values":["<document>"]}}}`,
	"BatchSearch":     `{"requests":[{"query":"falconry manuscripts gyrfalcons"},{"query":"gyrfalcons","page_size":3}]}`,
	"GetPassages":     `{"passage_ids":["<passage>"],"neighbours":2}`,
	"BuildContext":    `{"query":"falconry manuscripts gyrfalcons","max_tokens":300}`,
	"CheckGrounding":  `{"answer":"Keepers trained the gyrfalcons at dawn [1].","passage_ids":["<passage>"]}`,
	"FindSimilar":     `{"document_id":"<document>"}`,
	"ExplainDocument": `{"document_id":"<document>","search":{"query":"falconry manuscripts gyrfalcons"}}`,
	"GetDocument":     `{"document_id":"<document>","include_text":true,"include_passages":true}`,
	"ListDocuments":   `{}`,
	"ListFacets":      `{"facets":[{"field":"language"},{"field":"tags"},{"field":"metadata.kind"}]}`,
	"ListFailures":    `{}`,
	"PreviewDocument": `{"document":{"document_id":"<document>","text":"Another text."}}`,
	"UpsertDocument":  `{"document":{"document_id":"<document>","text":"Another text."},"if_match":"abc"}`,
	"UpsertDocuments": `{"requests":[{"document":{"document_id":"<document>","text":"Another text."},"if_match":"abc"}]}`,
	"UpdateDocument":  `{"document":{"document_id":"<document>","title":"Taken"},"update_mask":"title"}`,
	"DeleteDocument":  `{"document_id":"<document>","if_match":"*"}`,
	"DeleteDocuments": `{"filter":{"in":{"field":"DOCUMENT_ID","values":["<document>"]}},"validate_only":true}`,
	"IngestDocuments": `{"sequence":1,"document":{"document_id":"<document>","text":"Another text."},"if_match":"abc"}`,
	"GetInfo":         `{}`,
	"GetStats":        `{}`,
	"GetOperation":    `{"operation_id":"<operation>"}`,
	"WaitOperation":   `{"operation_id":"<operation>","timeout":"0s"}`,
	"CancelOperation": `{"operation_id":"<operation>"}`,
	"ListOperations":  `{}`,
}

// tenancy is a service with documents of two tenants.
type tenancy struct {
	*service
	keys    map[string]string
	theirs  []thing // of the tenant sport; each method asks about another one
	nothing []thing
}

// serveTenants serves with keys of two tenants. The tenant sport has documents and
// operations; the tenant news has one document.
func serveTenants(t testing.TB, store string, n int) *tenancy {
	t.Helper()
	path, texts := filepath.Join(t.TempDir(), "keys.json"), map[string]string{}
	for name, k := range map[string]keys.Key{
		"sport": {Scopes: []string{"search", "write"}, Tenant: "sport"},
		"news":  {Scopes: []string{"search", "write"}, Tenant: "news"},
		"root":  {Scopes: []string{"admin"}},
	} {
		k.Name = name
		_, text, err := keys.Create(path, k, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = text
	}
	y := &tenancy{keys: texts}
	y.service = serveOn(t, store, func(c *config.Config) { c.Access.Keys = path })
	sport := y.as("sport")
	documents := dalilv1.NewDocumentServiceClient(y)
	if _, err := documents.UpsertDocument(y.as("news"), &dalilv1.UpsertDocumentRequest{Document: textDocument("ours", "Rivers cross the old city.")}); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		x := thing{document: fmt.Sprintf("theirs-%02d", i)}
		none := thing{document: fmt.Sprintf("absent-%02d", i), passage: corpus.NewChunkID(fmt.Sprintf("absent-%02d", i), "0123456789abcdef", 0).String(), operation: fmt.Sprintf("%012x", i)}
		d := textDocument(x.document, theirText)
		d.Title, d.Tags = "Gyrfalcons", []string{"falconry"}
		if _, err := documents.UpsertDocument(sport, &dalilv1.UpsertDocumentRequest{Document: d}); err != nil {
			t.Fatal(err)
		}
		parts, err := documents.GetDocument(sport, &dalilv1.GetDocumentRequest{DocumentId: x.document, IncludePassages: true})
		if err != nil || len(parts.GetPassages()) == 0 {
			t.Fatalf("%v, %v", parts, err)
		}
		x.passage = parts.GetPassages()[0].GetPassageId()
		deleted, err := documents.DeleteDocuments(sport, &dalilv1.DeleteDocumentsRequest{All: true, ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		x.operation = deleted.GetOperation().GetOperationId()
		y.theirs, y.nothing = append(y.theirs, x), append(y.nothing, none)
	}
	return y
}

func textDocument(id, text string) *dalilv1.DocumentInput {
	return &dalilv1.DocumentInput{DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: text}}
}

// as returns a context whose calls have a key.
func (y *tenancy) as(name string) context.Context {
	return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+y.keys[name])
}

// call makes a call of gRPC and returns its answer, or its error with all details, as text.
func (y *tenancy) call(t *testing.T, method, request string) string {
	t.Helper()
	service, name, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service + "." + name))
	if err != nil {
		t.Fatal(err)
	}
	m := found.(protoreflect.MethodDescriptor)
	message := func(of protoreflect.MessageDescriptor) proto.Message {
		kind, err := protoregistry.GlobalTypes.FindMessageByName(of.FullName())
		if err != nil {
			t.Fatal(err)
		}
		return kind.New().Interface()
	}
	in, out := message(m.Input()), message(m.Output())
	if err := wirejson.Unmarshal([]byte(request), in); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	ctx, cancel := context.WithTimeout(y.as("news"), 30*time.Second)
	defer cancel()
	stream, err := y.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err == nil {
		if err = stream.SendMsg(in); err == nil || errors.Is(err, io.EOF) {
			_ = stream.CloseSend()
			err = stream.RecvMsg(out)
		}
	}
	if err != nil {
		s := status.Convert(err)
		text := fmt.Sprint(s.Code(), " ", s.Message())
		for _, detail := range s.Details() {
			if about, ok := detail.(*errdetails.ErrorInfo); ok {
				delete(about.Metadata, "incident")
			}
			text += fmt.Sprint(" ", detail)
		}
		return text
	}
	text, err := wirejson.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever a caller asks about a thing of another tenant, the answer is that about a
// thing that never existed: over gRPC, over HTTP and through the tools of MCP.
func TestAnotherTenantsThingsDoNotExist(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			methods := slices.DeleteFunc(server.Methods(), func(m string) bool { return !strings.HasPrefix(m, "/dalil.") })
			routes := gateway.Routes()
			y := serveTenants(t, store, len(methods)+len(routes)+10)
			next := 0
			pair := func() (theirs, nothing thing) {
				next++
				return y.theirs[next-1], y.nothing[next-1]
			}
			same := func(what, theirs, nothing string, a, b thing) {
				t.Helper()
				got, want := a.out(theirs), b.out(nothing)
				if got != want {
					t.Errorf("%s\nabout another tenant's: %.600s\nabout nothing:          %.600s", what, got, want)
				}
				y.private(t, what, theirs, a)
			}
			for _, method := range methods {
				name := method[strings.LastIndex(method, "/")+1:]
				template, listed := about[name]
				a, b := pair()
				if !listed {
					if got := y.call(t, method, `{}`); !strings.HasPrefix(got, codes.PermissionDenied.String()) {
						t.Errorf("%s needs no scope admin, and has no request here; it answers %s", method, got)
					}
					continue
				}
				same(method, y.call(t, method, a.in(template)), y.call(t, method, b.in(template)), a, b)
			}
			ask := func(route string) {
				a, b := pair()
				answer := func(x thing) string {
					verb, address, body := requestFor(t, route, x)
					got := y.do(t, verb, address, body, "Authorization", "Bearer "+y.keys["news"])
					return fmt.Sprint(got.status, " ", got.body)
				}
				same(route, answer(a), answer(b), a, b)
			}
			for _, route := range routes {
				if !slices.Contains(writing, route) {
					ask(route)
				}
			}
			for _, tool := range y.tools(t) {
				arguments, listed := toolArguments[tool]
				if !listed {
					t.Errorf("the tool %s has no arguments here", tool)
					continue
				}
				a, b := pair()
				same("tool "+tool, y.tool(t, tool, a.in(arguments)), y.tool(t, tool, b.in(arguments)), a, b)
			}
			a, b := pair()
			same("resource", y.mcp(t, "resources/read", a.in(`{"uri":"dalil://document/<document>"}`)), y.mcp(t, "resources/read", b.in(`{"uri":"dalil://document/<document>"}`)), a, b)
			for _, route := range writing { // from here on, the tenant news has documents with the same ids
				ask(route)
			}
			y.unchanged(t)
		})
	}
}

// private fails if an answer to the tenant news has what belongs to sport, apart from the
// names that its request had.
func (y *tenancy) private(t testing.TB, what, answer string, asked thing) {
	t.Helper()
	answer = strings.NewReplacer(asked.document, "", asked.passage, "", asked.operation, "").Replace(answer)
	words := []string{"emirates", "theirs-"} // no request has them
	for _, x := range y.theirs {
		words = append(words, x.passage, x.operation)
	}
	for _, word := range words {
		if strings.Contains(answer, word) {
			t.Errorf("%s: the answer has %s of another tenant: %.600s", what, word, answer)
		}
	}
}

// unchanged fails if a document of the tenant sport is not as it was.
func (y *tenancy) unchanged(t testing.TB) {
	t.Helper()
	documents := dalilv1.NewDocumentServiceClient(y)
	for _, x := range y.theirs {
		got, err := documents.GetDocument(y.as("sport"), &dalilv1.GetDocumentRequest{DocumentId: x.document})
		if err != nil || got.GetDocument().GetText() != theirText || got.GetDocument().GetTitle() != "Gyrfalcons" {
			t.Errorf("%s became %v, %v", x.document, got, err)
		}
	}
}

// bodies are the bodies of routes whose methods take one.
var bodies = map[string]string{
	"PUT /v1/documents/{document_id}":            `{"text":"Another text."}`,
	"POST /v1/documents":                         `{"document_id":"<document>","text":"Another text."}`,
	"PATCH /v1/documents/{document_id}":          `{"title":"Taken"}`,
	"POST /v1/documents:ingest":                  `{"id":"<document>","text":"Another text."}`,
	"POST /retrieval":                            `{"knowledge_id":"a","query":"falconry manuscripts gyrfalcons"}`,
	"POST /v1/vector_stores/{id}/search":         `{"query":"falconry manuscripts gyrfalcons"}`,
	"POST /mcp":                                  `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`,
	"POST /v1/search":                            about["Search"],
	"POST /v1/search:batch":                      about["BatchSearch"],
	"POST /v1/context":                           about["BuildContext"],
	"POST /v1/grounding:check":                   about["CheckGrounding"],
	"POST /v1/similar":                           about["FindSimilar"],
	"POST /v1/documents:explain":                 about["ExplainDocument"],
	"POST /v1/documents:batch":                   about["UpsertDocuments"],
	"POST /v1/documents:delete":                  about["DeleteDocuments"],
	"POST /v1/documents:list":                    about["ListDocuments"],
	"POST /v1/documents:preview":                 about["PreviewDocument"],
	"POST /v1/facets":                            about["ListFacets"],
	"POST /v1/operations/{operation_id}:wait":    `{"timeout":"0s"}`,
	"POST /v1/operations/{operation_id}:cancel":  `{}`,
	"POST /v1/collections:rebuild":               `{}`,
	"POST /v1/collections:compare":               `{}`,
	"POST /v1/collections:activate":              `{}`,
	"POST /v1/collections/{collection}:activate": `{}`,
	"POST /v1/collections:rollback":              `{}`,
}

// writing are the routes that write a document of the caller's own tenant.
var writing = []string{"PUT /v1/documents/{document_id}", "POST /v1/documents", "POST /v1/documents:ingest"}

// queries are the queries of routes that have their fields there.
var queries = map[string]string{
	"GET /v1/search":   "?q=falconry+manuscripts+gyrfalcons",
	"GET /v1/passages": "?passage_ids=<passage>&neighbours=2",
	"GET /v1/facets":   "?fields=language&fields=tags",
}

// requestFor is a request of a route about a thing.
func requestFor(t *testing.T, route string, x thing) (verb, address, body string) {
	t.Helper()
	verb, template, _ := strings.Cut(route, " ")
	address = strings.NewReplacer("{document_id}", "<document>", "{operation_id}", "<operation>", "{id}", "<document>", "{collection}", "<document>", "{tenant}", "sport").Replace(template)
	body, listed := bodies[route]
	if !listed && (verb == http.MethodPost || verb == http.MethodPut || verb == http.MethodPatch) {
		t.Errorf("%s has no body here", route)
	}
	return verb, x.in(address + queries[route]), x.in(body)
}

// toolArguments are the arguments of the tools of MCP.
var toolArguments = map[string]string{
	"search":          `{"query":"falconry manuscripts gyrfalcons"}`,
	"fetch":           `{"id":"<document>"}`,
	"get_context":     `{"query":"falconry manuscripts gyrfalcons"}`,
	"check_grounding": `{"answer":"Keepers trained them at dawn [1].","passage_ids":["<passage>"]}`,
	"list_sources":    `{}`,
}

func (y *tenancy) mcp(t *testing.T, method, params string) string {
	t.Helper()
	got := y.do(t, "POST", "/mcp", fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params),
		"Authorization", "Bearer "+y.keys["news"], "Accept", "application/json, text/event-stream")
	return fmt.Sprint(got.status, " ", got.body)
}

func (y *tenancy) tool(t *testing.T, name, arguments string) string {
	t.Helper()
	return y.mcp(t, "tools/call", fmt.Sprintf(`{"name":%q,"arguments":%s}`, name, arguments))
}

func (y *tenancy) tools(t *testing.T) (names []string) {
	t.Helper()
	var listed struct {
		Result struct{ Tools []struct{ Name string } }
	}
	_, body, _ := strings.Cut(y.mcp(t, "tools/list", "{}"), " ")
	if err := json.Unmarshal([]byte(body), &listed); err != nil || len(listed.Result.Tools) == 0 {
		t.Fatalf("%s: %v", body, err)
	}
	for _, tool := range listed.Result.Tools {
		names = append(names, tool.Name)
	}
	return names
}

package gateway

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	dalilv1 "dalil/proto/dalil/v1"
	dalilroutes "dalil/proto/routes/dalil/v1"
	"dalil/proto/wirejson"
	"dalil/server"
)

const (
	invalidArgument = codes.InvalidArgument
	aborted         = codes.Aborted
)

// setQueries makes the library read queries with our parser. The library has one for the whole process.
var setQueries sync.Once

// newAPI returns the handler of the calls.
func (g *gateway) newAPI() (http.Handler, error) {
	setQueries.Do(func() { runtime.SetQueryParameterParser(queries{})(nil) })
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, codec{}),
		runtime.WithErrorHandler(g.fail),
		runtime.WithUnescapingMode(runtime.UnescapingModeAllCharacters),
		runtime.WithStrictDeepWildcardMatching(),
		runtime.WithDisablePathLengthFallback(), runtime.WithDisableHTTPMethodOverride(),
		runtime.WithIncomingHeaderMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithOutgoingHeaderMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithOutgoingTrailerMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithMetadata(func(_ context.Context, r *http.Request) metadata.MD {
			md := header(r.Header)
			md.Delete("authorization") // the library adds it itself
			return md
		}),
		runtime.WithForwardResponseOption(setETag),
	)
	ctx := context.Background()
	return mux, errors.Join(
		dalilroutes.RegisterSearchServiceHandlerClient(ctx, mux, dalilv1.NewSearchServiceClient(g.calls)),
		dalilroutes.RegisterDocumentServiceHandlerClient(ctx, mux, dalilv1.NewDocumentServiceClient(g.calls)),
		dalilroutes.RegisterAdminServiceHandlerClient(ctx, mux, dalilv1.NewAdminServiceClient(g.calls)),
	)
}

// header is the header that every call of a request has: its number, who makes it, and for whom.
func header(h http.Header) metadata.MD {
	md := server.HeaderOfRequest(h)
	md.Set(strings.ToLower(requestID), h.Get(requestID))
	md.Set(server.CallerField, h.Get(server.CallerField))
	return md
}

// outgoing is the context of a call that a request makes.
func outgoing(ctx context.Context, h http.Header) context.Context {
	return metadata.NewOutgoingContext(ctx, header(h))
}

// call answers a call of the wire.
func (g *gateway) call(to *route, a *answer, r *http.Request) {
	data, free, problem := g.read(a, r, bodyTimes*g.server.MessageLimit(to.method)+smallBody)
	defer free()
	if problem == nil && to.verb == http.MethodGet && to.template == "/v1/facets" {
		r, data, problem = facets(r)
	} else if problem == nil {
		problem = prepare(to, a, r, data)
	}
	if problem != nil {
		a.refuse(problem)
		return
	}
	if problem := sameID(to, r, data); problem != nil {
		a.refuse(problem)
		return
	}
	if to.method == dalilv1.DocumentService_UpdateDocument_FullMethodName {
		g.patch(a, r, to.id(r), data)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	r.Header.Del("Te") // trailers are not used
	g.api.ServeHTTP(a, r)
}

// prepare writes the headers and the short names of a request as fields of its query.
func prepare(to *route, a *answer, r *http.Request, data []byte) *refusal {
	if to.body == "" && len(data) > 0 {
		return invalid("request", "must not have a body: "+to.verb+" "+to.template+" has its fields in the query")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errQuery
	}
	if !to.query && len(query) > 0 {
		return invalid(slices.Sorted(maps.Keys(query))[0], "must not be in the query: "+to.verb+" "+to.template+" has no fields there")
	}
	if to.verb == http.MethodGet && to.template == "/v1/search" {
		a.rename(query, "q", "query")
		a.rename(query, "limit", "page_size")
	}
	if problem := to.elsewhere(query); problem != nil {
		return problem
	}
	if to.verb != http.MethodGet && strings.HasPrefix(to.template, "/v1/documents/") || to.body == bodyField {
		if problem := a.conditions(query, r.Header); problem != nil {
			return problem
		}
	}
	r.URL.RawQuery = query.Encode()
	return nil
}

// facets makes the request with a body of one whose query has the fields to count: "fields=language&fields=tag&limit=5".
func facets(r *http.Request) (*http.Request, []byte, *refusal) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return r, nil, errQuery
	}
	request := &dalilv1.ListFacetsRequest{}
	for _, field := range query["fields"] {
		one := &dalilv1.FacetRequest{Field: field}
		if limit, given := query["limit"]; given {
			if err := wirejson.Set(one, "limit", limit); err != nil {
				return r, nil, invalidOf(err)
			}
		}
		request.Facets = append(request.Facets, one)
	}
	if len(query["fields"]) > 0 {
		delete(query, "limit") // without fields it would have no effect, so it is refused below
	}
	delete(query, "fields")
	if len(query) > 0 {
		return r, nil, invalid(slices.Sorted(maps.Keys(query))[0], "is not allowed; the query has fields, and limit beside them; send the request with POST to count with a filter")
	}
	data, err := wirejson.Marshal(request)
	if err != nil {
		return r, nil, invalidOf(err)
	}
	post := r.Clone(r.Context())
	post.Method, post.URL.RawQuery = http.MethodPost, ""
	return post, data, nil
}

// id returns the document's id in an address.
func (to *route) id(r *http.Request) string {
	return strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(to.template, "{document_id}"))
}

// sameID refuses a document whose body has another id than its address.
func sameID(to *route, r *http.Request, data []byte) *refusal {
	if to.body != bodyField || !strings.HasSuffix(to.template, "{document_id}") || !bytes.Contains(data, []byte(`"document_id"`)) {
		return nil
	}
	var body struct {
		ID *string `json:"document_id"`
	}
	if json.Unmarshal(data, &body) == nil && body.ID != nil && *body.ID != to.id(r) {
		return invalid("document.document_id", "must be the id in the address, or be left out")
	}
	return nil // the decoder reports what is not JSON
}

// rename writes a short name of a field as its name. Errors have the short one.
func (a *answer) rename(query url.Values, short, name string) {
	values, given := query[short]
	if !given {
		return
	}
	if !query.Has(name) {
		a.call(name, short)
	}
	query[name] = append(query[name], values...)
	delete(query, short)
}

// call sets what errors call a field.
func (a *answer) call(field, name string) {
	if a.names == nil {
		a.names = map[string]string{}
	}
	a.names[field] = name
}

// elsewhere refuses fields in the query that are in the path or in the body.
func (to *route) elsewhere(query url.Values) *refusal {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case strings.Contains(to.template, "{"+name+"}"):
			return invalid(name, "must not be in the query: it is in the path")
		case to.body == bodyField && (&dalilv1.DocumentInput{}).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(name)) != nil:
			return invalid(name, "must not be in the query: it is a member of the body")
		}
	}
	return nil
}

// conditions writes If-Match and If-None-Match as fields of the request.
func (a *answer) conditions(query url.Values, h http.Header) *refusal {
	for header, field := range map[string]string{"If-Match": "if_match", "If-None-Match": "if_none_match"} {
		values := h.Values(header)
		if len(values) == 0 {
			continue
		}
		value := strings.TrimSpace(values[0])
		tag, quoted := strings.CutPrefix(value, `"`)
		tag, closed := strings.CutSuffix(tag, `"`)
		if len(values) > 1 || !utf8.ValidString(value) || value != "*" && !(quoted && closed) || strings.Contains(tag, `"`) {
			return invalid("header."+strings.ToLower(header), `must be one strong tag, such as "5d41402a", or *`)
		}
		name := "header." + strings.ToLower(header)
		if field == "if_none_match" && a.request.Method != http.MethodPut && a.request.Method != http.MethodPost {
			return invalid(name, "is not allowed with "+a.request.Method)
		}
		if !query.Has(field) {
			a.call(field, name)
		}
		query[field] = append(query[field], tag)
	}
	return nil
}

// tagged are the answers that have an etag in their receipt.
type tagged interface{ GetReceipt() *dalilv1.Receipt }

// setETag sets the header of an answer about one document.
func setETag(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	tag := ""
	switch m := m.(type) {
	case *dalilv1.GetDocumentResponse:
		tag = m.GetDocument().GetEtag()
	case tagged:
		tag = m.GetReceipt().GetEtag()
	}
	if tag != "" {
		w.Header().Set("ETag", `"`+tag+`"`)
	}
	return nil
}

func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

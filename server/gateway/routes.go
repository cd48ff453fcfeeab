package gateway

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// route is one address of a call.
type route struct {
	verb     string // GET, ...
	template string // "/v1/documents/{document_id}"
	pattern  *regexp.Regexp
	body     string // the field that the body has, "*": all, "": there is no body
	query    bool   // fields can be in the query
	method   string // "/dalil.v1.SearchService/Search"
}

// routes are the addresses of the calls, as the wire's annotations have them.
type routes struct{ all []route }

// files are the files of the wire that have services.
func files() []protoreflect.FileDescriptor {
	return []protoreflect.FileDescriptor{
		dalilv1.File_dalil_v1_search_service_proto, dalilv1.File_dalil_v1_document_service_proto, dalilv1.File_dalil_v1_admin_proto,
	}
}

func newRoutes() *routes {
	r := &routes{}
	for _, file := range files() {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				r.add(methods.Get(j))
			}
		}
	}
	return r
}

func (r *routes) add(method protoreflect.MethodDescriptor) {
	options, ok := method.Options().(*descriptorpb.MethodOptions)
	if !ok || !proto.HasExtension(options, annotations.E_Http) {
		return
	}
	rule, ok := proto.GetExtension(options, annotations.E_Http).(*annotations.HttpRule)
	if !ok {
		return
	}
	for _, rule := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
		verb, template := verbOf(rule)
		name := "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
		inPath := len(parameter.FindAllString(template, -1))
		query := rule.GetBody() == bodyField || rule.GetBody() == "" && method.Input().Fields().Len() > inPath
		r.all = append(r.all, route{verb, readable(template), patternOf(template), rule.GetBody(), query, name})
	}
}

func verbOf(rule *annotations.HttpRule) (verb, template string) {
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return http.MethodGet, p.Get
	case *annotations.HttpRule_Put:
		return http.MethodPut, p.Put
	case *annotations.HttpRule_Post:
		return http.MethodPost, p.Post
	case *annotations.HttpRule_Delete:
		return http.MethodDelete, p.Delete
	case *annotations.HttpRule_Patch:
		return http.MethodPatch, p.Patch
	}
	return "", ""
}

// parameter is a part of a template that stands for a field.
var parameter = regexp.MustCompile(`\{([a-z0-9_.]+)(=\*\*)?\}`)

// readable is a template as OpenAPI has it: "/v1/documents/{document_id}".
func readable(template string) string {
	return parameter.ReplaceAllStringFunc(template, func(part string) string {
		path := parameter.FindStringSubmatch(part)[1]
		return "{" + path[strings.LastIndex(path, ".")+1:] + "}"
	})
}

func patternOf(template string) *regexp.Regexp {
	var b strings.Builder
	last := 0
	for _, at := range parameter.FindAllStringIndex(template, -1) {
		b.WriteString(regexp.QuoteMeta(template[last:at[0]]))
		if strings.HasSuffix(template[at[0]:at[1]], "=**}") {
			b.WriteString("(?s:.*)")
		} else {
			b.WriteString("[^/]+")
		}
		last = at[1]
	}
	b.WriteString(regexp.QuoteMeta(template[last:]))
	return regexp.MustCompile(fmt.Sprintf("^%s$", b.String()))
}

// find returns the route of a request, and the verbs that its path has.
func (r *routes) find(verb, path string) (found *route, verbs []string) {
	for i := range r.all {
		one := &r.all[i]
		if !one.pattern.MatchString(path) {
			continue
		}
		if !slices.Contains(verbs, one.verb) {
			verbs = append(verbs, one.verb)
		}
		if one.verb == verb && (found == nil || len(one.template) > len(found.template)) {
			found = one
		}
	}
	return found, verbs
}

// Routes returns every route that Options.Observe may get: "POST /v1/search".
func Routes() []string {
	var names []string
	for _, one := range newRoutes().all {
		names = append(names, one.verb+" "+one.template)
	}
	for _, door := range doors() {
		names = append(names, door.verb+" "+door.template)
	}
	return names
}

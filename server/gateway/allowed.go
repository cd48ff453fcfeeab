package gateway

import (
	"net/http"
	"slices"
	"time"

	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// refusedTime is how long the body of a refused request may still take.
const refusedTime = time.Second

// allowed answers a request that its caller must not make, before its body is read. It reports whether the caller may
// make it.
func (g *gateway) allowed(a *answer, r *http.Request, to *route, d *door) bool {
	from := server.CallerOfRequest(r, g.loopback)
	var err error
	switch {
	case to != nil:
		err = g.server.Authorize(r.Context(), r.Header, from, to.method)
	case d.method != "":
		err = g.server.Authorize(r.Context(), r.Header, from, d.method)
	case g.options.Docs == nil: // on loopback only, for callers that may search
		err = g.server.AuthorizeScope(r.Context(), r.Header, from, corpus.ScopeSearch)
	}
	if err == nil {
		return true
	}
	if r.ContentLength != 0 { // the library reads the rest of a body before it answers
		_ = http.NewResponseController(a.ResponseWriter).SetReadDeadline(time.Now().Add(refusedTime))
	}
	if d != nil && d.fail != nil {
		d.fail(a, status.Convert(err))
		return false
	}
	s := detailed(status.Convert(err))
	writeStatus(a, httpCode(s), s)
	return false
}

// closed reports whether a description of the API is not served.
func (g *gateway) closed(d *door) bool {
	if d.method != "" {
		return false
	}
	if on := g.options.Docs; on != nil {
		return !*on
	}
	return !g.loopback
}

// openDoors returns the doors that this gateway serves.
func (g *gateway) openDoors() []door {
	return slices.DeleteFunc(doors(), func(d door) bool { return g.closed(&d) })
}

// What a door needs is what its method needs.
const (
	ingesting = dalilv1.DocumentService_IngestDocuments_FullMethodName
	searching = dalilv1.SearchService_Search_FullMethodName
)

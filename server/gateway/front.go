package gateway

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"time"

	"google.golang.org/grpc/status"

	"dalil/server"
)

// requestID is the header that names a request in answers and in the log.
const requestID = "X-Request-Id"

// door is an address that is not a call of the wire.
type door struct {
	verb, template string
	pattern        *regexp.Regexp
	method         string // the method whose scope its callers need; "": it describes the API
	serve          func(*gateway, *answer, *http.Request)
	fail           func(*answer, *status.Status) // answers with an error, as its product has them; nil: as the API has them
}

// doors returns all of them.
func doors() []door {
	return slices.Concat([]door{
		{http.MethodPost, "/v1/documents:ingest", regexp.MustCompile(`^/v1/documents:ingest$`), ingesting, (*gateway).ingest, nil},
		{http.MethodPost, "/mcp", regexp.MustCompile(`^/mcp$`), searching, (*gateway).mcp, nil},
		{http.MethodPost, "/retrieval", regexp.MustCompile(`^/retrieval$`), searching, (*gateway).dify, difyError},
		{http.MethodPost, "/v1/vector_stores/{id}/search", regexp.MustCompile(`^/v1/vector_stores/[^/]+/search$`), searching, (*gateway).vectorStore, storeError},
	}, descriptions)
}

// front returns what every request passes through, the outermost first: number, log and metrics; the host; origins; the
// type of the body; the caller. The listener's address decides which hosts are accepted.
func (g *gateway) front(listener net.Addr) (http.Handler, error) {
	g.loopback = isLoopback(listener)
	g.doors = g.openDoors()
	protection, err := g.protection()
	if err != nil {
		return nil, err
	}
	protected := protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := w.(*answer); ok {
			g.route(a, r)
		}
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		if r.Method == http.MethodHead { // the library of HTTP sends no body
			get := *r
			get.Method = http.MethodGet
			r = &get
		}
		a := &answer{ResponseWriter: w, request: r}
		id := r.Header.Get(requestID)
		if !plainID.MatchString(id) {
			id = newID()
			r.Header.Set(requestID, id)
		}
		w.Header().Set(requestID, id)
		caller, gone := g.server.Present(server.CallerOfRequest(r, g.loopback))
		defer gone()
		r.Header.Set(server.CallerField, caller) // whatever the client sent
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// One address has other documents for another caller.
		w.Header().Set("Cache-Control", "no-store")
		defer func() { g.ended(a, r, start) }()
		switch {
		case g.loopback && !isLocalHost(r.Host):
			a.refuse(errHost)
		case g.crossOrigin(a, r):
		default:
			protected.ServeHTTP(a, r)
		}
		a.finish()
	}), nil
}

// route finds the handler of a request.
func (g *gateway) route(a *answer, r *http.Request) {
	path := r.URL.Path
	var serve func(*answer, *http.Request)
	var verbs []string
	var to *door
	for i := range g.doors {
		d := &g.doors[i]
		if !d.pattern.MatchString(path) {
			continue
		}
		verbs = append(verbs, d.verb)
		if d.verb == r.Method {
			a.route = d.verb + " " + d.template
			serve, to = func(a *answer, r *http.Request) { d.serve(g, a, r) }, d
			break
		}
	}
	found, more := g.routes.find(r.Method, path)
	if serve != nil {
		found = nil
	}
	if verbs = append(verbs, more...); found != nil {
		a.route = found.verb + " " + found.template
		serve = func(a *answer, r *http.Request) { g.call(found, a, r) }
	}
	switch problem := mediaType(r); {
	case serve == nil && len(verbs) == 0 && g.closed(&descriptions[0]):
		a.refuse(errClosed)
	case serve == nil && len(verbs) == 0:
		a.refuse(errNoAddress)
	case serve == nil:
		a.refuse(notAllowed(verbs))
	case problem != nil:
		a.refuse(problem)
	case g.allowed(a, r, found, to):
		inTime(a, r, serve)
	}
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)

func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// ended writes one line and counts the request. Addresses and bodies are not logged, because they contain questions.
func (g *gateway) ended(a *answer, r *http.Request, start time.Time) {
	took := time.Since(start)
	g.options.Observe(a.route, a.status, took)
	g.options.Log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("route", a.route), slog.Int("status", a.status),
		slog.Duration("duration", took), slog.String("request_id", a.Header().Get(requestID)))
}

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

	"dalil/server"
)

// requestID is the header that names a request in answers and in the log.
const requestID = "X-Request-Id"

// door is an address that is not a call of the wire.
type door struct {
	verb, template string
	pattern        *regexp.Regexp
	serve          func(*gateway, *answer, *http.Request)
}

// doors returns all of them.
func doors() []door {
	return slices.Concat([]door{
		{http.MethodPost, "/v1/documents:ingest", regexp.MustCompile(`^/v1/documents:ingest$`), (*gateway).ingest},
		{http.MethodPost, "/mcp", regexp.MustCompile(`^/mcp$`), (*gateway).mcp},
		{http.MethodPost, "/retrieval", regexp.MustCompile(`^/retrieval$`), (*gateway).dify},
		{http.MethodPost, "/v1/vector_stores/{id}/search", regexp.MustCompile(`^/v1/vector_stores/[^/]+/search$`), (*gateway).vectorStore},
	}, descriptions)
}

// front returns what every request passes through, the outermost first: number, log and metrics; the host; origins; the
// type of the body. The listener's address decides which hosts are accepted.
func (g *gateway) front(listener net.Addr) (http.Handler, error) {
	protection, err := g.protection()
	if err != nil {
		return nil, err
	}
	protected := protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := w.(*answer); ok {
			g.route(a, r)
		}
	}))
	loopback := isLoopback(listener)
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
		caller, gone := g.server.Present(server.CallerOfRequest(r, loopback))
		defer gone()
		r.Header.Set(server.CallerField, caller) // whatever the client sent
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() { g.ended(a, r, start) }()
		switch {
		case loopback && !isLocalHost(r.Host):
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
	for _, d := range g.doors {
		if !d.pattern.MatchString(path) {
			continue
		}
		verbs = append(verbs, d.verb)
		if d.verb == r.Method {
			a.route = d.verb + " " + d.template
			serve = func(a *answer, r *http.Request) { d.serve(g, a, r) }
			break
		}
	}
	found, more := g.routes.find(r.Method, path)
	if verbs = append(verbs, more...); serve == nil && found != nil {
		a.route = found.verb + " " + found.template
		serve = func(a *answer, r *http.Request) { g.call(found, a, r) }
	}
	switch problem := mediaType(r); {
	case serve == nil && len(verbs) == 0:
		a.refuse(errNoAddress)
	case serve == nil:
		a.refuse(notAllowed(verbs))
	case problem != nil:
		a.refuse(problem)
	default:
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

package gateway

import (
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
)

// A web page in a browser on this machine can send requests to a loopback address. It must not write, and must not read
// either: bodies need a type that pages cannot send without asking, the host must be a name of this machine (a page's
// own name may resolve to a loopback address), and browsers say from which origin a request comes.

// isLoopback reports whether only this machine can reach the address.
func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

// isLocalHost reports whether a Host header names this machine.
func isLocalHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// protection refuses writes from pages of other origins.
func (g *gateway) protection() (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	for _, origin := range g.options.Origins {
		if err := p.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if a, ok := w.(*answer); ok {
			a.refuse(errOrigin)
		}
	}))
	return p, nil
}

// crossOrigin lets the pages of the listed origins read answers. It reports whether the request was a preflight, which
// it has answered.
func (g *gateway) crossOrigin(a *answer, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if len(g.options.Origins) > 0 {
		a.Header().Add("Vary", "Origin")
	}
	if origin == "" || !slices.Contains(g.options.Origins, origin) {
		return false
	}
	h := a.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, WWW-Authenticate, "+requestID)
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Content-Encoding, If-Match, If-None-Match, Grpc-Timeout, Authorization, X-Api-Key, Dalil-Tenant, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, "+requestID)
	h.Set("Access-Control-Max-Age", "600")
	a.WriteHeader(http.StatusNoContent)
	return true
}

// lineTypes are the media types of a stream of documents.
var lineTypes = []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}

// mediaType refuses a body of a type that a page can send without asking, and every other type that is not read.
func mediaType(r *http.Request) *refusal {
	if r.Method != http.MethodPost && r.Method != http.MethodPut && r.Method != http.MethodPatch {
		return nil
	}
	given, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, has := parameters["charset"]
	switch {
	case err != nil, has && !strings.EqualFold(charset, "utf-8"):
		return errMediaType
	case given == jsonType:
		return nil
	case slices.Contains(lineTypes, given) && r.URL.Path == "/v1/documents:ingest":
		return nil
	}
	return errMediaType
}

package gateway

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// zipFrom is the size from which an answer is compressed.
	zipFrom = 1 << 10
	// sendTime is how long a client may take to receive an answer.
	sendTime = 2 * time.Minute
)

// answer collects the answer to one request and sends it at the end, so that its length is known, it can be compressed,
// and an unchanged document needs no body. A handler that streams sends at once.
type answer struct {
	http.ResponseWriter
	request *http.Request
	route   string
	status  int
	names   map[string]string // what the caller calls fields of the call, for its errors
	body    bytes.Buffer
	direct  bool // the handler streams
	sent    bool // the whole answer was sent
}

// WriteHeader sets the status.
func (a *answer) WriteHeader(code int) {
	if a.status == 0 {
		a.status = code
		if a.direct {
			a.ResponseWriter.WriteHeader(code)
		}
	}
}

// Write adds to the answer.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.direct {
		return a.ResponseWriter.Write(b)
	}
	return a.body.Write(b)
}

// Unwrap returns what sends the answer, for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Flush sends what a handler that streams has written.
func (a *answer) Flush() {
	if f, ok := a.ResponseWriter.(http.Flusher); ok && a.direct {
		f.Flush()
	}
}

// stream sends from now on what is written.
func (a *answer) stream() { a.direct = true }

// finish sends the answer, once.
func (a *answer) finish() {
	a.WriteHeader(http.StatusOK)
	if a.direct || a.sent {
		return
	}
	a.sent = true
	h := a.Header()
	if a.unchanged() {
		a.status = http.StatusNotModified
		h.Del("Content-Type")
		a.ResponseWriter.WriteHeader(a.status)
		return
	}
	body := a.body.Bytes()
	if len(body) >= zipFrom {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(a.request) {
			h.Set("Content-Encoding", "gzip")
			body = zipped(body)
		}
	}
	if len(body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	// The deadline lasts for this answer. A later request of the connection has its own.
	_ = http.NewResponseController(a.ResponseWriter).SetWriteDeadline(time.Now().Add(sendTime))
	a.ResponseWriter.WriteHeader(a.status)
	a.ResponseWriter.Write(body)
}

// unchanged reports whether the client has the answer already.
func (a *answer) unchanged() bool {
	tag := a.Header().Get("ETag")
	r := a.request
	if a.status != http.StatusOK || tag == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		known = strings.TrimPrefix(strings.TrimSpace(known), "W/")
		if known == tag || known == "*" {
			return true
		}
	}
	return false
}

func acceptsGzip(r *http.Request) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(accepted, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return quality != "q=0" && quality != "q=0.0" && quality != "q=0.00" && quality != "q=0.000"
		}
	}
	return false
}

var zippers sync.Pool // of *gzip.Writer

func zipped(data []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(data) / 3)
	z, ok := zippers.Get().(*gzip.Writer)
	if ok {
		z.Reset(&out)
	} else {
		z, _ = gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level exists
	}
	z.Write(data) // a buffer takes everything
	z.Close()
	zippers.Put(z)
	return out.Bytes()
}

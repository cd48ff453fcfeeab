package gateway_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"dalil/internal/config"
)

const ingestAddress = "/v1/documents:ingest"

// line is one line of the answer to an ingest.
type line struct {
	Sequence int
	Receipt  struct {
		DocumentID string `json:"document_id"`
		Outcome    string
		Warnings   []string
		Failure    struct {
			Message    string
			Violations []struct{ Field string }
		}
	}
	Error *failure
}

func linesOf(t testing.TB, body io.Reader) (all []line) {
	t.Helper()
	d := json.NewDecoder(body)
	for {
		var one line
		if err := d.Decode(&one); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("after %d lines: %v", len(all), err)
		}
		all = append(all, one)
	}
}

// Every document of a stream has one receipt, also the ones that cannot be read.
func TestIngest(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			body := strings.Join([]string{
				`{"id":"one","text":"Rivers cross the old city.","metadata":{"year":2022}}`, ``,
				`{"text":"A record without an id."}`, `{"text":"A record without an id."}`,
				`no JSON`, `{"id":"two","text":"x","colour":"red"}`, `{"id":"three","text":""}`,
				`{"id":"four","text":"The last line has no line end."}`,
			}, "\n")
			for name, headers := range map[string][]string{
				"plain": {"Content-Type", "application/x-ndjson"}, "gzip": {"Content-Type", "application/jsonl", "Content-Encoding", "gzip"},
				"JSON": {"Content-Type", "application/json; charset=utf-8"},
			} {
				sent := body
				if name == "gzip" {
					sent = gzipped(body)
				}
				got := s.do(t, "POST", ingestAddress, sent, headers...)
				if got.status != 200 || got.header.Get("Content-Type") != "application/x-ndjson" {
					t.Fatalf("%s: %d %v %s", name, got.status, got.header, got.body)
				}
				outcomes := map[int]string{}
				for _, l := range linesOf(t, strings.NewReader(got.body)) {
					if l.Error != nil || outcomes[l.Sequence] != "" {
						t.Errorf("%s: %+v", name, l)
					}
					outcomes[l.Sequence] = l.Receipt.Outcome
					if l.Sequence == 1 && l.Receipt.DocumentID != "one" || l.Sequence == 2 && !strings.HasPrefix(l.Receipt.DocumentID, "sha256-") {
						t.Errorf("%s: %+v", name, l)
					}
				}
				for sequence, want := range map[int]string{4: "FAILED", 5: "FAILED", 6: "FAILED"} {
					if outcomes[sequence] != want {
						t.Errorf("%s: document %d is %s, want %s", name, sequence, outcomes[sequence], want)
					}
				}
				if len(outcomes) != 7 || outcomes[1] == "FAILED" || outcomes[3] == "FAILED" || outcomes[7] == "FAILED" {
					t.Errorf("%s: %v", name, outcomes)
				}
			}
			if got := s.do(t, "GET", "/v1/documents/one", ""); !strings.Contains(got.body, `"source":""`) || !strings.Contains(got.body, `"year":2022`) {
				t.Errorf("%d %s", got.status, got.body)
			}
			if got := s.do(t, "POST", ingestAddress, "", "Content-Type", "application/x-ndjson"); got.status != 200 || got.body != "" {
				t.Errorf("no documents: %d %s", got.status, got.body)
			}
			if got := s.do(t, "POST", ingestAddress, "[\n", "Content-Type", "application/x-ndjson"); !strings.Contains(got.body, "JSON array") {
				t.Errorf("an array: %d %s", got.status, got.body)
			}
		})
	}
}

// A line that cannot be read but has an id is a failure of its document, until the document is written.
func TestLinesThatFailAreKept(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			send := func(lines ...string) []line {
				got := s.do(t, "POST", ingestAddress, strings.Join(lines, "\n"), "Content-Type", "application/x-ndjson")
				return linesOf(t, strings.NewReader(got.body))
			}
			failing := func() (ids []string) {
				var list struct {
					Failures []struct {
						DocumentID      string `json:"document_id"`
						Reason, Message string
						Tries           int
					}
				}
				s.do(t, "GET", "/v1/failures", "").decode(t, &list)
				for _, f := range list.Failures {
					ids = append(ids, fmt.Sprintf("%s %s×%d: %s", f.DocumentID, f.Reason, f.Tries, f.Message))
				}
				return ids
			}
			lines := []string{
				`{"id":"i1","text":1}`, `{"txet":"z","id":"i2"}`, `{"id":"i3","text":""}`, `{"text":5}`, `no JSON`, `{"id":"i\u0001","text":"a"}`, `{"id":5,"colour":"red"}`,
			}
			for _, l := range send(lines...) {
				if want := map[int]string{1: "text", 2: "txet", 4: "text", 5: "record", 7: "colour"}[l.Sequence]; want != "" &&
					(len(l.Receipt.Failure.Violations) != 1 || l.Receipt.Failure.Violations[0].Field != want) {
					t.Errorf("line %d: %+v, want the field %s", l.Sequence, l.Receipt.Failure, want)
				}
			}
			send(lines[0])
			got := failing()
			for i, want := range []string{
				"5 INVALID×1: colour: is unknown; the fields are id, ", "i1 INVALID×2: text: must be a string, is a number",
				"i2 INVALID×1: txet: is unknown; did you mean text?", "i3 INVALID×1: document.text: is empty",
			} {
				if len(got) != 4 || !strings.HasPrefix(got[i], want) {
					t.Fatalf("failures %q, want %s", got, want)
				}
			}
			send(`{"id":"i1","text":"One."}`, `{"id":"i2","text":"Two."}`)
			for range 2 {
				s.do(t, "PUT", "/v1/documents/i4", `{"text":""}`)
			}
			if got := failing(); len(got) != 3 || got[2] != "i4 INVALID×2: document.text: is empty" {
				t.Errorf("failures after a refused PUT: %q", got)
			}
			s.do(t, "PUT", "/v1/documents/i4", `{"text":"Four."}`)
			if got := failing(); len(got) != 2 || !strings.HasPrefix(got[0], "5 ") || !strings.HasPrefix(got[1], "i3 ") {
				t.Errorf("failures after a success: %q", got)
			}
		})
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

// The receipt of a document arrives while the stream is open, with HTTP/1.1 and HTTP/2.
func TestReceiptsArriveWhileTheStreamIsOpen(t *testing.T) {
	s := serve(t, nil)
	two := &http.Transport{Protocols: &http.Protocols{}}
	two.Protocols.SetUnencryptedHTTP2(true)
	defer two.CloseIdleConnections()
	for name, transport := range map[string]http.RoundTripper{"HTTP/1.1": http.DefaultTransport, "HTTP/2.0": two} {
		t.Run(name, func(t *testing.T) {
			from, to := io.Pipe()
			request, _ := http.NewRequestWithContext(t.Context(), "POST", s.url+ingestAddress, from)
			request.Header.Set("Content-Type", "application/x-ndjson")
			go fmt.Fprintln(to, `{"id":"first","text":"Rivers cross the old city."}`)
			response, err := (&http.Client{Transport: transport}).Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.Proto != name {
				t.Errorf("the protocol is %s, want %s", response.Proto, name)
			}
			receipts := json.NewDecoder(response.Body)
			for i := range 20 {
				var got line
				if err := receipts.Decode(&got); err != nil || got.Sequence != i+1 || got.Receipt.Outcome == "FAILED" {
					t.Fatalf("receipt %d: %+v, %v", i, got, err)
				}
				if i < 19 {
					fmt.Fprintf(to, `{"id":"next-%d","text":"Bridges over rivers."}`+"\n", i)
				}
			}
			to.Close()
			if rest, err := io.ReadAll(response.Body); err != nil || len(bytes.TrimSpace(rest)) > 0 {
				t.Errorf("after the last receipt: %q, %v", rest, err)
			}
		})
	}
}

// A stream that breaks off in the middle of a document leaves every document that has a receipt, and no part of another.
func TestAnIngestThatBreaksOff(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			connection.SetDeadline(time.Now().Add(20 * time.Second))
			fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n", ingestAddress)
			chunk := func(text string) { fmt.Fprintf(connection, "%x\r\n%s\r\n", len(text), text) }
			for i := range 5 {
				chunk(fmt.Sprintf(`{"id":"kept-%d","text":"Document %d about rivers."}`+"\n", i, i))
			}
			chunk(`{"id":"cut","text":"This document is not com`)
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged := 0
			receipts := json.NewDecoder(response.Body)
			for range 5 {
				var got line
				if err := receipts.Decode(&got); err != nil || got.Receipt.Outcome != "INDEXED" {
					t.Fatalf("%+v, %v", got, err)
				}
				acknowledged++
			}
			connection.Close()
			for i := range acknowledged {
				if got := s.do(t, "GET", fmt.Sprintf("/v1/documents/kept-%d", i), ""); got.status != 200 {
					t.Errorf("document %d: %d", i, got.status)
				}
			}
			if got := s.do(t, "GET", "/v1/documents/cut", ""); got.status != 404 {
				t.Errorf("the document that was cut off: %d %s", got.status, got.body)
			}
		})
	}
}

// A client that sends and does not read receipts cannot make the server keep all that it sends.
func TestBackPressure(t *testing.T) {
	s := serve(t, nil)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n", ingestAddress)
	// The receipts of small broken lines are larger than the lines, so that buffers fill from that side.
	text := strings.Repeat("{\n", 8<<10)
	piece := fmt.Sprintf("%x\r\n%s\r\n", len(text), text)
	sent := 0
	for sent < 256<<20 {
		connection.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := io.WriteString(connection, piece)
		if sent += n; err != nil {
			return // the server stopped reading
		}
	}
	t.Errorf("the server took %d bytes from a client that does not read", sent)
}

// When the server stops, an ingest ends with an error that says so, after the receipts.
func TestIngestEndsWithTheServer(t *testing.T) {
	s := serve(t, func(c *config.Config) { c.Server.Drain = 5 * time.Second })
	from, to := io.Pipe()
	defer to.Close()
	request, _ := http.NewRequestWithContext(context.Background(), "POST", s.url+ingestAddress, from)
	request.Header.Set("Content-Type", "application/x-ndjson")
	go fmt.Fprintln(to, `{"id":"first","text":"Rivers cross the old city."}`)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	receipts := json.NewDecoder(response.Body)
	var first, last line
	if err := receipts.Decode(&first); err != nil || first.Receipt.Outcome != "INDEXED" {
		t.Fatalf("%+v, %v", first, err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	if err := receipts.Decode(&last); err != nil || last.Error == nil || last.Error.reason() != "SHUTTING_DOWN" || last.Error.Code != 14 {
		t.Errorf("the last line is %+v, %v", last, err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// Errors before the first receipt have the status of HTTP.
func TestIngestsThatCannotBegin(t *testing.T) {
	s := serve(t, nil)
	bomb := gzipped(strings.Repeat(" ", 50<<20))
	for name, c := range map[string]struct {
		body   string
		header []string
		status int
		reason string
	}{
		"a form":         {"a=b", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "INVALID"},
		"text":           {"{}", []string{"Content-Type", "text/plain"}, 415, "INVALID"},
		"no gzip":        {"{}", []string{"Content-Type", "application/x-ndjson", "Content-Encoding", "gzip"}, 400, "INVALID"},
		"another coding": {"{}", []string{"Content-Type", "application/x-ndjson", "Content-Encoding", "br"}, 415, "INVALID"},
		"a bomb":         {bomb, []string{"Content-Type", "application/x-ndjson", "Content-Encoding", "gzip"}, 413, "TOO_LARGE"},
	} {
		if got := s.do(t, "POST", ingestAddress, c.body, c.header...); got.status != c.status || got.failure(t).reason() != c.reason {
			t.Errorf("%s: %d %s, want %d %s", name, got.status, got.body, c.status, c.reason)
		}
	}
	long := `{"id":"long","text":"` + strings.Repeat("x", 17<<20) + "\"}\n" + `{"id":"short","text":"Rivers."}`
	got := linesOf(t, strings.NewReader(s.do(t, "POST", ingestAddress, long, "Content-Type", "application/x-ndjson").body))
	if len(got) != 2 || got[0].Receipt.Outcome != "FAILED" || !strings.Contains(got[0].Receipt.Failure.Message, "16777216") || got[1].Receipt.Outcome != "INDEXED" {
		t.Errorf("a line that is too long: %+v", got)
	}
}

// A connection serves the next request after an ingest has ended on it.
func TestIngestKeepsTheConnection(t *testing.T) {
	s := serveOn(t, "local", nil)
	for n := range 200 {
		for _, body := range []string{`{"text":1}`, ""} {
			response, err := http.Post(s.url+ingestAddress, "application/x-ndjson", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			data, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Fatalf("ingest %d: %d %s", n, response.StatusCode, data)
			}
		}
	}
}

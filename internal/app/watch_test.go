package app_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// While the alias goes back and forth, no question fails and no answer mixes
// two collections.
func TestFlipsUnderLoad(t *testing.T) {
	c := onQdrant(t, nil)
	fill := func(a *app.App, mark string) {
		var all []corpus.Document
		for i := range 30 {
			all = append(all, corpus.Document{ID: fmt.Sprintf("d%d", i), Title: mark, Text: fmt.Sprintf("The market of %s sells fish, number %d.", mark, i)})
		}
		ingest(t, a, all...)
	}
	first := open(t, c)
	fill(first, "Cairo")
	build, err := app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	fill(build, "Tunis")
	if err := build.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := app.OpenReindex(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	next, err := r.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, _ := serve(t, a)
	client := dalilv1.NewSearchServiceClient(connection)
	var stop atomic.Bool
	var answers atomic.Int64
	var asking sync.WaitGroup
	var seen sync.Map
	for range 4 {
		asking.Go(func() {
			for !stop.Load() {
				answer, err := client.Search(t.Context(), &dalilv1.SearchRequest{Query: "fish market"})
				if err != nil {
					t.Errorf("search: %v", err)
					return
				}
				answers.Add(1)
				titles := map[string]bool{}
				for _, p := range answer.GetPassages() {
					titles[p.GetDocument().GetTitle()] = true
					seen.Store(p.GetDocument().GetTitle(), true)
				}
				if len(titles) != 1 || len(answer.GetPassages()) != 10 {
					t.Errorf("an answer of %d passages from %v", len(answer.GetPassages()), titles)
					return
				}
			}
		})
	}
	old := activeOf(t, r)
	for i := range 8 {
		name := next
		if i%2 == 1 {
			name = old
		}
		if _, err := r.Activate(operator(t), name, true); err != nil {
			t.Fatal(err)
		}
		enough := answers.Load() + 2
		eventually(t, "two answers more", func() bool { return answers.Load() >= enough || t.Failed() })
	}
	stop.Store(true)
	asking.Wait()
	for _, title := range []string{"Cairo", "Tunis"} {
		if _, ok := seen.Load(title); !ok {
			t.Errorf("the collection of %s never answered", title)
		}
	}
}

func activeOf(t *testing.T, r *app.Reindex) string {
	t.Helper()
	all, err := r.Collections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Active {
			return one.Name
		}
	}
	t.Fatal("no collection is active")
	return ""
}

// A server starts while Qdrant is down, says so, and answers once it is up; a
// collection that it can't open leaves the old one answering, and readiness says
// why.
func TestServerFollowsTheStore(t *testing.T) {
	c := onQdrant(t, nil)
	indexSeeds(t, open(t, c))
	gate := &gate{t: t, to: c.Store.Address}
	c.Store.Address = gate.listen()
	c.Store.Timeout = time.Second
	a, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatalf("open while the store is down: %v", err)
	}
	t.Cleanup(func() { a.Close() })
	connection, admin := serve(t, a)
	if code, body := get(t, admin+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, c.Store.Address) {
		t.Errorf("ready while the store is down: %d %q", code, body)
	}
	client := dalilv1.NewSearchServiceClient(connection)
	if _, err := client.Search(t.Context(), &dalilv1.SearchRequest{Query: "poverty"}); err == nil {
		t.Error("a search was answered while the store is down")
	}
	gate.open.Store(true)
	eventually(t, "the store is up", func() bool { code, _ := get(t, admin+"/readyz"); return code == http.StatusOK })
	if answer, err := client.Search(t.Context(), &dalilv1.SearchRequest{Query: "poverty reduction"}); err != nil || len(answer.GetPassages()) == 0 {
		t.Errorf("search: %v, %v", answer, err)
	}
	// Another pipeline's collection takes over, which this server does not run.
	other := c
	other.Index.ChunkTokens = 60
	b, err := app.OpenRebuild(t.Context(), other, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {}); err != nil {
		t.Fatal(err)
	}
	_, err = b.Activate(operator(t))
	if err := errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "readiness says why", func() bool {
		code, body := get(t, admin+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "model mismatch") && strings.Contains(body, "goes on answering from")
	})
	if answer, err := client.Search(t.Context(), &dalilv1.SearchRequest{Query: "poverty reduction"}); err != nil || len(answer.GetPassages()) == 0 {
		t.Errorf("search on the old collection: %v, %v", answer, err)
	}
	raws := make(chan corpus.Raw)
	close(raws)
	if err := a.Ingest(operator(t), raws, nil); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("a write that nobody would carry over: %v, want it refused", err)
	}
}

// A server that starts on an empty Qdrant takes the collection that its first
// documents make as its own, and says its name.
func TestServerOnAnEmptyStore(t *testing.T) {
	c := onQdrant(t, nil)
	gate := &gate{t: t, to: c.Store.Address}
	gate.open.Store(true)
	c.Store.Address = gate.listen()
	a, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, admin := serve(t, a)
	polls := func() {
		enough := gate.sent.Load() + 20
		eventually(t, "20 calls to the store", func() bool { return gate.sent.Load() >= enough })
	}
	for range 5 { // until every connection of the pool is open
		polls()
	}
	before := gate.accepted.Load()
	polls()
	if after := gate.accepted.Load(); after != before {
		t.Errorf("%d connections were made while nothing changed", after-before)
	}
	ingest(t, a, corpus.Document{ID: "first", Text: "Fish markets open early."})
	info, err := dalilv1.NewAdminServiceClient(connection).GetInfo(t.Context(), &dalilv1.GetInfoRequest{})
	if err != nil || !strings.HasPrefix(info.GetCollection(), c.Store.Collection+"-") {
		t.Errorf("the collection: got %q, %v", info.GetCollection(), err)
	}
	if code, body := get(t, admin+"/readyz"); code != http.StatusOK {
		t.Errorf("ready: %d %q", code, body)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// gate is in front of a server and refuses every connection until it is open.
type gate struct {
	t    *testing.T
	to   string
	open atomic.Bool

	accepted atomic.Int32 // connections
	sent     atomic.Int64 // reads of what clients sent: each call makes one at least
}

func (g *gate) listen() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	var all sync.WaitGroup
	var connections sync.Map
	all.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			g.accepted.Add(1)
			if !g.open.Load() {
				in.Close()
				continue
			}
			out, err := net.Dial("tcp", g.to)
			if err != nil {
				in.Close()
				continue
			}
			connections.Store(in, true)
			connections.Store(out, true)
			for _, pair := range [2][2]net.Conn{{in, out}, {out, in}} {
				from := io.Reader(pair[1])
				if pair[1] == in {
					from = counting{in, &g.sent}
				}
				all.Go(func() {
					_, _ = io.Copy(pair[0], from) // ends with either side
					in.Close()
					out.Close()
				})
			}
		}
	})
	g.t.Cleanup(func() {
		listener.Close()
		connections.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		all.Wait()
	})
	return listener.Addr().String()
}

// counting counts the reads that found something.
type counting struct {
	io.Reader
	reads *atomic.Int64
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if n > 0 {
		c.reads.Add(1)
	}
	return n, err
}

package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

func TestMain(m *testing.M) {
	qdrant.RegisterEncoding()
	goleak.VerifyTestMain(m)
}

const width = 4

func pipeline() corpus.Pipeline {
	return corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: width, Analyzer: "a", Chunker: "c"}
}

func at(address string) qdrant.Options {
	return qdrant.Options{
		Server: qdrant.Server{Address: address, Timeout: 10 * time.Second}, Alias: "faults", Pipeline: pipeline(),
		RefreshVocabulary: time.Hour, Log: slog.New(slog.DiscardHandler),
	}
}

// hasty are options of a client that waits for little.
func hasty(address string) qdrant.Options {
	o := at(address)
	o.Timeout = 300 * time.Millisecond
	return o
}

func document(id, revision string, chunks int) store.Entry {
	e := store.Entry{Document: corpus.Document{ID: id, Title: revision}, Fingerprint: revision}
	for i := range chunks {
		e.Points = append(e.Points, store.Point{
			Chunk:  corpus.Chunk{ID: corpus.NewChunkID(id, revision, i), DocumentID: id, Revision: revision, Ordinal: i, Text: fmt.Sprint(id, revision, i)},
			Dense:  corpus.Vector{1, float32(i), 0, 0},
			Sparse: corpus.Sparse{Dimensions: []uint32{1, uint32(i + 2)}, Weights: []float32{1, 1}},
		})
	}
	return e
}

func everything() []store.ArmQuery {
	return []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 100}}
}

// opened is a store with one document of three passages.
func opened(t *testing.T, options qdrant.Options) *qdrant.Store {
	t.Helper()
	s, err := qdrant.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: pipeline(), AverageLength: 10}); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), []store.Entry{document("a", "1", 3)}); err != nil {
		t.Fatal(err)
	}
	return s
}

// proxy stands between a client and a server and can be told to misbehave.
type proxy struct {
	address string
	mode    atomic.Int32
	mu      sync.Mutex
	open    []net.Conn
}

const (
	pass int32 = iota
	refuse
	mute   // accepts, and never answers
	broken // resets after the first bytes of an answer
)

func startProxy(t *testing.T, to string) *proxy {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: listener.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			p.keep(in)
			if p.mode.Load() == refuse {
				in.Close()
				continue
			}
			all.Go(func() { p.serve(in, to, &all) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		p.cut()
		all.Wait()
	})
	return p
}

func (p *proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, c)
}

// cut ends every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
	p.open = nil
}

// set changes the mode for connections to come and those that are there.
func (p *proxy) set(mode int32) {
	p.mode.Store(mode)
	if mode != mute {
		p.cut()
	}
}

func (p *proxy) serve(in net.Conn, to string, all *sync.WaitGroup) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		in.Close()
		return
	}
	p.keep(out)
	all.Go(func() {
		_, _ = io.Copy(out, in) // ends with either side
		in.Close()
		out.Close()
	})
	buffer := make([]byte, 1<<14)
	for {
		n, err := out.Read(buffer)
		if err != nil {
			break
		}
		switch p.mode.Load() {
		case mute:
			continue
		case broken:
			_, _ = in.Write(buffer[:min(n, 20)])
			in.Close()
			out.Close()
			return
		}
		if _, err := in.Write(buffer[:n]); err != nil {
			break
		}
	}
	in.Close()
	out.Close()
}

func TestDownAtStart(t *testing.T) {
	p := startProxy(t, "127.0.0.1:1")
	p.set(refuse)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := qdrant.Open(ctx, hasty(p.address))
	if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), p.address) {
		t.Errorf("got %v, want unavailable, with the address", err)
	}
}

// A server that misbehaves is unavailable, within the caller's time; the circuit
// opens, and closes when the server is well again.
func TestFaultsOfTheConnection(t *testing.T) {
	for name, mode := range map[string]int32{"refuses": refuse, "is half-open": mute, "resets in the middle of an answer": broken} {
		t.Run(name, func(t *testing.T) {
			p := startProxy(t, standin.Start(t, standin.Options{}).Address())
			s := opened(t, hasty(p.address))
			p.set(mode)
			if _, err := s.Search(t.Context(), everything()); !errors.Is(err, corpus.ErrUnavailable) {
				t.Errorf("search: got %v, want unavailable", err)
			}
			if err := s.Ready(t.Context()); !errors.Is(err, corpus.ErrUnavailable) {
				t.Errorf("ready: got %v, want unavailable", err)
			}
			var err error
			for range 6 {
				_, err = s.Search(t.Context(), everything())
			}
			if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), "not called") || !strings.Contains(err.Error(), "the last error was") {
				t.Errorf("after many failures: got %v, want the circuit to be open, and why", err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := s.Put(ctx, []store.Entry{document("b", "1", 1)}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("put: got %v, want the caller's deadline", err)
			}
			p.set(pass)
			deadline := time.Now().Add(20 * time.Second)
			for s.Ready(t.Context()) != nil {
				if time.Now().After(deadline) {
					t.Fatal("the circuit never closed")
				}
				time.Sleep(20 * time.Millisecond)
			}
			if found, err := s.Search(t.Context(), everything()); err != nil || len(found[0]) != 3 {
				t.Errorf("when it is well again: got %v, %v", found, err)
			}
		})
	}
}

func TestCallersDeadlineWins(t *testing.T) {
	p := startProxy(t, standin.Start(t, standin.Options{}).Address())
	options := hasty(p.address)
	options.Timeout = time.Minute
	s := opened(t, options)
	p.set(mute)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Search(ctx, everything()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the caller's deadline", err)
	}
	p.set(pass)
}

// A caller with a short deadline is no failure of the server, even where the
// server's timer is a little early: the circuit stays closed for all others.
func TestShortDeadlinesLeaveTheCircuitClosed(t *testing.T) {
	early := func(ctx context.Context, _ string, _ any) error {
		if deadline, set := ctx.Deadline(); set && time.Until(deadline) < 90*time.Millisecond {
			return status.Error(codes.DeadlineExceeded, "the deadline is over")
		}
		return nil
	}
	options := hasty(standin.Start(t, standin.Options{Before: early}).Address())
	options.Timeout = time.Minute
	s := opened(t, options)
	for range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), 80*time.Millisecond)
		if _, err := s.Search(ctx, everything()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the caller's deadline", err)
		}
		cancel()
	}
	if found, err := s.Search(t.Context(), everything()); err != nil || len(found[0]) != 3 {
		t.Errorf("another caller: got %v, %v", found, err)
	}
}

// A server slower than its callers wait is left alone too.
func TestSlowServerOpensTheCircuit(t *testing.T) {
	p := startProxy(t, standin.Start(t, standin.Options{}).Address())
	s := opened(t, hasty(p.address))
	p.set(mute)
	for range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		_, err := s.Search(ctx, everything())
		cancel()
		switch {
		case err != nil && strings.Contains(err.Error(), "not called"):
			p.set(pass)
			return
		case !errors.Is(err, context.DeadlineExceeded):
			t.Errorf("got %v, want the caller's deadline", err)
		}
	}
	t.Error("six callers gave up, and the circuit is closed")
	p.set(pass)
}

// steps lets a test answer for the server, call by call.
type steps struct {
	mu     sync.Mutex
	before func(method string, request any) error
}

func (s *steps) set(before func(method string, request any) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

func (s *steps) Before(ctx context.Context, method string, request any) error {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	err := before(method, request)
	if err != nil && strings.Contains(err.Error(), "too many") { // how a server says when a rate limit ends
		err = errors.Join(grpc.SetTrailer(ctx, metadata.Pairs("retry-after", "0")), err)
	}
	return err
}

func TestDroppedCollection(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	if _, err := server.Delete(t.Context(), &sdk.DeleteCollection{CollectionName: s.Collection()}); err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"search":   func() error { _, err := s.Search(t.Context(), everything()); return err },
		"chunks":   func() error { _, err := s.Chunks(t.Context(), []corpus.ChunkID{{}}, 0); return err },
		"put":      func() error { return s.Put(t.Context(), []store.Entry{document("b", "1", 1)}) },
		"delete":   func() error { return s.Delete(t.Context(), []string{"a"}) },
		"document": func() error { _, err := s.Document(t.Context(), "a"); return err },
		"list":     func() error { _, err := s.Documents(t.Context(), "", 1); return err },
		"stats":    func() error { _, err := s.Stats(t.Context()); return err },
		"ready":    func() error { return s.Ready(t.Context()) },
	}
	for name, call := range calls {
		err := call()
		if corpus.KindOf(err) != corpus.ErrMissing || errors.Is(err, corpus.ErrNotFound) || !strings.Contains(err.Error(), s.Collection()) {
			t.Errorf("%s: got %v, want a missing collection, by its name", name, err)
		}
		if _, is := status.FromError(err); is {
			t.Errorf("%s: the error carries the server's own status: %v", name, err)
		}
	}
}

func TestWrongKeyIsNeverShown(t *testing.T) {
	const canary = "canary-51f0"
	var log strings.Builder
	options := at(standin.Start(t, standin.Options{Key: "right"}).Address())
	options.Key, options.Log = canary, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_, err := qdrant.Open(t.Context(), options)
	if !errors.Is(err, corpus.ErrDenied) || !strings.Contains(err.Error(), "store.key") {
		t.Errorf("got %v, want an error that names store.key", err)
	}
	if shown := fmt.Sprint(err) + log.String(); strings.Contains(shown, canary) {
		t.Errorf("the key is shown: %s", shown)
	}
	options.Key = "right"
	opened(t, options)
}

func TestOldServerIsRefused(t *testing.T) {
	_, err := qdrant.Open(t.Context(), at(standin.Start(t, standin.Options{Version: "1.15.5"}).Address()))
	if !errors.Is(err, corpus.ErrUnsupported) || !strings.Contains(err.Error(), "1.15.5") || !strings.Contains(err.Error(), "1.16.0") {
		t.Errorf("got %v, want both versions named", err)
	}
}

func TestWrongWidth(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	e := document("b", "1", 1)
	e.Points[0].Dense = corpus.Vector{1}
	if err := s.Put(t.Context(), []store.Entry{e}); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "points[0].dense") {
		t.Errorf("got %v, want the field named", err)
	}
}

package qdrant_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

var settings = store.Settings{Pipeline: pipeline(), AverageLength: 10}

// A lost alias is an error that names what there is, and nobody makes it again on
// its own.
func TestALostAliasIsAnError(t *testing.T) { everywhere(t, aLostAliasIsAnError) }

func aLostAliasIsAnError(t *testing.T, p place) {
	s := opened(t, p.at())
	name := s.Collection()
	empty, err := qdrant.Open(t.Context(), func() qdrant.Options { o := p.at(); o.Alias += "-other"; return o }())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { empty.Close() })
	p.point(t, "")
	_, err = qdrant.Open(t.Context(), p.at())
	wrong(t, "open", err, corpus.ErrMissing, name, "1 documents", "dalil reindex activate")
	if held := p.aliases(t); len(held) != 0 {
		t.Errorf("the alias was made again: %v", held)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("a store that has the collection open: %v", err)
	}
}

// A store that was opened while there was nothing does not attach the alias to a
// collection that holds documents.
func TestCreateAttachesNoOldCollection(t *testing.T) { everywhere(t, createAttachesNoOldCollection) }

func createAttachesNoOldCollection(t *testing.T, p place) {
	fresh := p.another(t)
	s := opened(t, p.at())
	p.point(t, "")
	_, err := fresh.Create(t.Context(), settings)
	wrong(t, "create", err, corpus.ErrMissing, s.Collection())
	if held := p.aliases(t); len(held) != 0 {
		t.Errorf("the alias points to %v", held)
	}
}

func TestReadingNothingIsNotReady(t *testing.T) { everywhere(t, readingNothingIsNotReady) }

func readingNothingIsNotReady(t *testing.T, p place) {
	_, err := qdrant.OpenReading(t.Context(), p.at())
	wrong(t, "open for reading", err, corpus.ErrNotReady, "nothing is indexed yet", p.alias)
	opened(t, p.at())
	s, err := qdrant.OpenReading(t.Context(), p.at())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// Somebody else's collection of the name that would be taken is not touched.
func TestOthersCollectionsAreLeftAlone(t *testing.T) { everywhere(t, othersCollectionsAreLeftAlone) }

func othersCollectionsAreLeftAlone(t *testing.T, p place) {
	would := at(standin.Start(t, standin.Options{}).Address())
	would.Alias = p.alias
	first := opened(t, would).Collection()
	p.foreign(t, first, 7, nil)
	s := opened(t, p.at())
	if s.Collection() != first+"-2" || p.aliases(t)[p.alias] != first+"-2" {
		t.Errorf("took %s, alias %v, want %s-2", s.Collection(), p.aliases(t), first)
	}
	info, err := p.client.GetCollectionInfo(t.Context(), first)
	if err != nil || len(info.GetPayloadSchema()) != 0 || len(info.GetConfig().GetMetadata()) != 0 {
		t.Errorf("the other's collection was changed: %v, %v", info, err)
	}
}

// A collection that is called like the alias is refused before anything is made.
func TestACollectionCalledLikeTheAlias(t *testing.T) { everywhere(t, aCollectionCalledLikeTheAlias) }

func aCollectionCalledLikeTheAlias(t *testing.T, p place) {
	p.foreign(t, p.alias, width, nil)
	for what, open := range map[string]func(context.Context, qdrant.Options) (*qdrant.Store, error){"open": qdrant.Open, "build": qdrant.Build} {
		_, err := open(t.Context(), p.at())
		wrong(t, what, err, corpus.ErrRefusedState, p.alias, "store.collection")
	}
	all, err := p.client.ListCollections(t.Context())
	all = slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, p.alias) })
	if err != nil || len(all) != 1 {
		t.Errorf("collections left: %v, %v", all, err)
	}
}

// With the alias on somebody else's collection nothing is built that could not be
// activated.
func TestAnAliasOnAnothersCollection(t *testing.T) { everywhere(t, anAliasOnAnothersCollection) }

func anAliasOnAnothersCollection(t *testing.T, p place) {
	p.foreign(t, p.alias+"-theirs", width, nil)
	p.point(t, p.alias+"-theirs")
	_, err := qdrant.Open(t.Context(), p.at())
	wrong(t, "open", err, corpus.ErrMissing, "theirs", "not made by Dalil")
	_, err = qdrant.Build(t.Context(), p.at())
	wrong(t, "build", err, corpus.ErrRefusedState, "theirs", "store.collection")
}

// A rebuild from files begins with an empty collection, whatever an earlier one
// left; one from the active collection goes on.
func TestARebuildFromFilesAddsToNoOther(t *testing.T) { everywhere(t, aRebuildFromFilesAddsToNoOther) }

func aRebuildFromFilesAddsToNoOther(t *testing.T, p place) {
	opened(t, p.at())
	fill := func(open func(context.Context, qdrant.Options) (*qdrant.Store, error)) string {
		s, err := open(t.Context(), p.at())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.Create(t.Context(), settings); err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), []store.Entry{document("abandoned", "1", 1)}); err != nil {
			t.Fatal(err)
		}
		return s.Collection()
	}
	abandoned := fill(qdrant.BuildNew)
	if resumed := fill(qdrant.Build); resumed != abandoned {
		t.Errorf("a rebuild from the active collection took %s, want to go on with %s", resumed, abandoned)
	}
	if fresh := fill(qdrant.BuildNew); fresh == abandoned {
		t.Error("a rebuild from files went on with an abandoned collection")
	}
}

// A document of which a passage is gone is written again.
func TestAnIncompleteDocumentIsNotUnchanged(t *testing.T) {
	everywhere(t, anIncompleteDocumentIsNotUnchanged)
}

func anIncompleteDocumentIsNotUnchanged(t *testing.T, p place) {
	s := opened(t, p.at())
	if err := s.Put(t.Context(), []store.Entry{document("b", "1", 3)}); err != nil {
		t.Fatal(err)
	}
	removePassage(t, p.client, s.Collection(), corpus.NewChunkID("a", "1", 1))
	held, err := s.Fingerprints(t.Context(), []string{"a", "b"})
	if err != nil || held["a"] != "" || held["b"] != "1" {
		t.Errorf("fingerprints: %v, %v, want that of b alone", held, err)
	}
	ids, err := s.Incomplete(t.Context(), 10)
	if err != nil || len(ids) != 1 || ids[0] != "a" {
		t.Errorf("incomplete: %v, %v, want a", ids, err)
	}
}

// A collection that was replaced by one of other vectors is not ready and is not
// opened.
func TestOtherVectorsAreNoticed(t *testing.T) { everywhere(t, otherVectorsAreNoticed) }

func otherVectorsAreNoticed(t *testing.T, p place) {
	s := opened(t, p.at())
	name := s.Collection()
	info, err := p.client.GetCollectionInfo(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.client.DeleteCollection(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	p.foreign(t, name, width+3, info.GetConfig().GetMetadata())
	p.point(t, name)
	wrong(t, "ready", s.Ready(t.Context()), corpus.ErrModelMismatch, "7 dimensions", "has 4")
	_, err = qdrant.Open(t.Context(), p.at())
	wrong(t, "open", err, corpus.ErrModelMismatch, "7 dimensions", "has 4", name)
}

// Ready asks what a question asks.
func TestReadyAsksAQuestion(t *testing.T) { everywhere(t, readyAsksAQuestion) }

func readyAsksAQuestion(t *testing.T, p place) {
	s := opened(t, p.at())
	p.strictly(t, s.Collection(), &sdk.StrictModeConfig{MaxQueryLimit: sdk.PtrOf(uint32(50))})
	_, err := s.Search(t.Context(), everything())
	wrong(t, "search", err, corpus.ErrRefusedState, "strict mode", "104 > 50")
	wrong(t, "ready", s.Ready(t.Context()), corpus.ErrRefusedState, "strict mode", "104 > 50")
}

// What another program wrote into the collection is left out, and told once.
func TestForeignPointsAreIgnored(t *testing.T) { everywhere(t, foreignPointsAreIgnored) }

func foreignPointsAreIgnored(t *testing.T, p place) {
	var log bytes.Buffer
	options := p.at()
	options.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := opened(t, options)
	for n := range uint64(200) {
		if _, err := p.client.Upsert(t.Context(), &sdk.UpsertPoints{CollectionName: s.Collection(), Wait: sdk.PtrOf(true), Points: []*sdk.PointStruct{{
			Id: sdk.NewIDNum(n), Vectors: sdk.NewVectorsMap(map[string]*sdk.Vector{"dense": sdk.NewVectorDense([]float32{1, 0, 0, 0})}),
			Payload: map[string]*sdk.Value{"theirs": sdk.NewValueBool(true)},
		}}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		found, err := s.Search(t.Context(), everything())
		if err != nil || len(found[0]) != 3 {
			t.Fatalf("search among points of others: %v, %v, want three passages", found, err)
		}
	}
	if n := strings.Count(log.String(), "points that Dalil did not write"); n != 1 {
		t.Errorf("told %d times, want once:\n%s", n, log.String())
	}
}

// Limits of strict mode: smaller batches where that helps, else what is full or to
// be raised.
func TestStrictMode(t *testing.T) {
	for _, test := range []struct {
		name   string
		config *sdk.StrictModeConfig
		kind   corpus.Kind // "": it is written
		says   []string
	}{
		{"smaller batches", &sdk.StrictModeConfig{UpsertMaxBatchsize: sdk.PtrOf(uint64(20))}, "", nil},
		{"full", &sdk.StrictModeConfig{MaxPointsCount: sdk.PtrOf(uint64(2))}, corpus.ErrExhausted, []string{"full", "max_points_count"}},
		{"enough conditions", &sdk.StrictModeConfig{FilterMaxConditions: sdk.PtrOf(uint64(4))}, "", nil},
		{"conditions", &sdk.StrictModeConfig{FilterMaxConditions: sdk.PtrOf(uint64(2))}, corpus.ErrRefusedState, []string{"filter_max_conditions", "needs 4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, p place) {
				p.strictly(t, opened(t, p.at()).Collection(), test.config)
				s := p.another(t)
				err := s.Put(t.Context(), []store.Entry{document("large", "1", 100)})
				for n := 0; test.kind != "" && err == nil && n < 300; n++ { // a real server counts now and then
					err = s.Put(t.Context(), []store.Entry{document(fmt.Sprint("d", n), "1", 1)})
				}
				if test.kind != "" {
					wrong(t, "put", err, test.kind, test.says...)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if held, err := s.Fingerprints(t.Context(), []string{"large"}); err != nil || held["large"] == "" {
					t.Errorf("not all of it was written: %v, %v", held, err)
				}
				if err := s.Delete(t.Context(), []string{"a"}); err != nil {
					t.Errorf("delete: %v", err)
				}
				if _, err := s.Stats(t.Context()); err != nil {
					t.Errorf("stats: %v", err)
				}
				if listed, err := s.Documents(t.Context(), "", 10); err != nil || len(listed) == 0 {
					t.Errorf("list: %v, %v", listed, err)
				}
				if got := whole(t, s, "a"); got != "" {
					t.Errorf("what was deleted is found: %q", got)
				}
			})
		})
	}
}

// A payload index that was removed is made again by the next writer.
func TestARemovedIndexIsMadeAgain(t *testing.T) { everywhere(t, aRemovedIndexIsMadeAgain) }

func aRemovedIndexIsMadeAgain(t *testing.T, p place) {
	s := opened(t, p.at())
	if _, err := p.client.DeleteFieldIndex(t.Context(), &sdk.DeleteFieldIndexCollection{CollectionName: s.Collection(), FieldName: "language", Wait: sdk.PtrOf(true)}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Stats(t.Context())
	wrong(t, "count by a field without an index", err, corpus.ErrRefusedState, "index", "dalil index")
	if err := p.another(t).Put(t.Context(), []store.Entry{document("b", "1", 1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stats(t.Context()); err != nil {
		t.Errorf("after a write: %v", err)
	}
}

// A server that hangs is asked once, not three times.
func TestAHungServerIsReportedAfterOneTimeout(t *testing.T) {
	var calls atomic.Int32
	server := standin.Start(t, standin.Options{Before: func(ctx context.Context, _ string, _ any) error {
		calls.Add(1)
		<-ctx.Done()
		return ctx.Err()
	}})
	_, err := qdrant.Open(t.Context(), hasty(server.Address()))
	wrong(t, "open", err, corpus.ErrUnavailable, "did not answer within 300ms")
	if n := calls.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A store that was opened before there was anything knows the terms as soon as it
// finds the collection.
func TestTermsOfACollectionThatCameLater(t *testing.T) {
	everywhere(t, termsOfACollectionThatCameLater)
}

func termsOfACollectionThatCameLater(t *testing.T, p place) {
	early := p.another(t)
	if err := opened(t, p.at()).Close(); err != nil { // which stores its counts
		t.Fatal(err)
	}
	if _, err := early.Search(t.Context(), everything()); err != nil {
		t.Fatal(err)
	}
	if v, err := early.Vocabulary(t.Context()); err != nil || v.Passages() != 3 {
		t.Errorf("%d passages are counted, %v, want 3", v.Passages(), err)
	}
}

// A client without TLS and a server with it get advice that helps.
func TestPlainClientOfATLSServer(t *testing.T) {
	ours := newAuthority(t)
	certificate, key := ours.issue("server", x509.ExtKeyUsageServerAuth)
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	server := standin.Start(t, standin.Options{Server: []grpc.ServerOption{grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12,
	}))}})
	options := at(server.Address())
	options.Timeout = 5 * time.Second
	_, err = qdrant.Open(t.Context(), options)
	wrong(t, "open", err, corpus.ErrUnavailable, "store.tls=true")
	plain := at(standin.Start(t, standin.Options{}).Address())
	plain.TLS, plain.Timeout = true, 5*time.Second
	_, err = qdrant.Open(t.Context(), plain)
	wrong(t, "open with TLS", err, corpus.ErrUnavailable, "store.tls=false")
}

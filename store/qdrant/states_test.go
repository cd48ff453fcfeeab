package qdrant_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
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

// wrong checks the kind of an error and what it says.
func wrong(t *testing.T, what string, err error, kind corpus.Kind, says ...string) {
	t.Helper()
	if corpus.KindOf(err) != kind {
		t.Errorf("%s: got %v (%s), want %s", what, err, corpus.KindOf(err), kind)
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v does not say %q", what, err, part)
		}
	}
}

func aliases(t *testing.T, server *standin.Server) map[string]string {
	t.Helper()
	answer, err := server.ListAliases(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]string{}
	for _, a := range answer.GetAliases() {
		held[a.GetAliasName()] = a.GetCollectionName()
	}
	return held
}

func point(t *testing.T, server *standin.Server, alias, to string) {
	t.Helper()
	action := sdk.NewAliasDelete(alias)
	if to != "" {
		action = sdk.NewAliasCreate(alias, to)
	}
	if _, err := server.UpdateAliases(t.Context(), &sdk.ChangeAliases{Actions: []*sdk.AliasOperations{action}}); err != nil {
		t.Fatal(err)
	}
}

// foreign makes a collection that Dalil did not make.
func foreign(t *testing.T, server *standin.Server, name string, size uint64, metadata map[string]*sdk.Value) {
	t.Helper()
	_, err := server.Create(t.Context(), &sdk.CreateCollection{
		CollectionName: name, Metadata: metadata,
		VectorsConfig:       sdk.NewVectorsConfigMap(map[string]*sdk.VectorParams{"dense": {Size: size, Distance: sdk.Distance_Cosine}}),
		SparseVectorsConfig: sdk.NewSparseVectorsConfig(map[string]*sdk.SparseVectorParams{"lexical": {Modifier: sdk.Modifier_Idf.Enum()}}),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// strictly sets the strict mode of a collection.
func strictly(t *testing.T, server *standin.Server, name string, config *sdk.StrictModeConfig) {
	t.Helper()
	config.Enabled = sdk.PtrOf(true)
	if _, err := server.Update(t.Context(), &sdk.UpdateCollection{CollectionName: name, StrictModeConfig: config}); err != nil {
		t.Fatal(err)
	}
}

// A lost alias is an error that names what there is, and nobody makes it again on
// its own.
func TestALostAliasIsAnError(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	name := s.Collection()
	empty, err := qdrant.Open(t.Context(), func() qdrant.Options { o := at(server.Address()); o.Alias = "other"; return o }())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { empty.Close() })
	point(t, server, "faults", "")
	_, err = qdrant.Open(t.Context(), at(server.Address()))
	wrong(t, "open", err, corpus.ErrMissing, name, "1 documents", "dalil reindex activate")
	if held := aliases(t, server); len(held) != 0 {
		t.Errorf("the alias was made again: %v", held)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("a store that has the collection open: %v", err)
	}
}

// A store that was opened while there was nothing does not attach the alias to a
// collection that holds documents.
func TestCreateAttachesNoOldCollection(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	fresh := opened2(t, server.Address())
	s := opened(t, at(server.Address()))
	point(t, server, "faults", "")
	_, err := fresh.Create(t.Context(), settings)
	wrong(t, "create", err, corpus.ErrMissing, s.Collection())
	if held := aliases(t, server); len(held) != 0 {
		t.Errorf("the alias points to %v", held)
	}
}

func TestReadingNothingIsNotReady(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	_, err := qdrant.OpenReading(t.Context(), at(server.Address()))
	wrong(t, "open for reading", err, corpus.ErrNotReady, "nothing is indexed yet", "faults")
	opened(t, at(server.Address()))
	s, err := qdrant.OpenReading(t.Context(), at(server.Address()))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// Somebody else's collection of the name that would be taken is not touched.
func TestOthersCollectionsAreLeftAlone(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	first := opened(t, at(standin.Start(t, standin.Options{}).Address())).Collection()
	foreign(t, server, first, 7, nil)
	s := opened(t, at(server.Address()))
	if s.Collection() != first+"-2" || aliases(t, server)["faults"] != first+"-2" {
		t.Errorf("took %s, alias %v, want %s-2", s.Collection(), aliases(t, server), first)
	}
	info, err := server.Get(t.Context(), &sdk.GetCollectionInfoRequest{CollectionName: first})
	if err != nil || len(info.GetResult().GetPayloadSchema()) != 0 || len(info.GetResult().GetConfig().GetMetadata()) != 0 {
		t.Errorf("the other's collection was changed: %v, %v", info, err)
	}
}

// A collection that is called like the alias is refused before anything is made.
func TestACollectionCalledLikeTheAlias(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	foreign(t, server, "faults", width, nil)
	for what, open := range map[string]func(context.Context, qdrant.Options) (*qdrant.Store, error){"open": qdrant.Open, "build": qdrant.Build} {
		_, err := open(t.Context(), at(server.Address()))
		wrong(t, what, err, corpus.ErrRefusedState, "faults", "store.collection")
	}
	all, err := server.List(t.Context(), nil)
	if err != nil || len(all.GetCollections()) != 1 {
		t.Errorf("collections left: %v, %v", all, err)
	}
}

// With the alias on somebody else's collection nothing is built that could not be
// activated.
func TestAnAliasOnAnothersCollection(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	foreign(t, server, "theirs", width, nil)
	point(t, server, "faults", "theirs")
	_, err := qdrant.Open(t.Context(), at(server.Address()))
	wrong(t, "open", err, corpus.ErrModelMismatch, "theirs", "not made by Dalil")
	_, err = qdrant.Build(t.Context(), at(server.Address()))
	wrong(t, "build", err, corpus.ErrRefusedState, "theirs", "store.collection")
}

// A rebuild from files begins with an empty collection, whatever an earlier one
// left; one from the active collection goes on.
func TestARebuildFromFilesAddsToNoOther(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	opened(t, at(server.Address()))
	fill := func(open func(context.Context, qdrant.Options) (*qdrant.Store, error)) string {
		s, err := open(t.Context(), at(server.Address()))
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
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	if err := s.Put(t.Context(), []store.Entry{document("b", "1", 3)}); err != nil {
		t.Fatal(err)
	}
	client := raw(t, server.Address())
	removePassage(t, client, s.Collection(), corpus.NewChunkID("a", "1", 1))
	held, err := s.Fingerprints(t.Context(), []string{"a", "b"})
	if err != nil || held["a"] != "" || held["b"] != "1" {
		t.Errorf("fingerprints: %v, %v, want that of b alone", held, err)
	}
	ids, err := s.Incomplete(t.Context(), 10)
	if err != nil || len(ids) != 1 || ids[0] != "a" {
		t.Errorf("incomplete: %v, %v, want a", ids, err)
	}
}

func raw(t *testing.T, address string) *sdk.Client {
	t.Helper()
	host, port, _ := strings.Cut(address, ":")
	number := 0
	for _, c := range port {
		number = number*10 + int(c-'0')
	}
	client, err := sdk.NewClient(&sdk.Config{Host: host, Port: number, SkipCompatibilityCheck: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func removePassage(t *testing.T, client *sdk.Client, collection string, id corpus.ChunkID) {
	t.Helper()
	_, err := client.Delete(t.Context(), &sdk.DeletePoints{
		CollectionName: collection, Wait: sdk.PtrOf(true),
		Points: sdk.NewPointsSelectorFilter(&sdk.Filter{Must: []*sdk.Condition{sdk.NewHasID(sdk.NewIDUUID(id.String()))}}),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A collection that was replaced by one of other vectors is not ready and is not
// opened.
func TestOtherVectorsAreNoticed(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	name := s.Collection()
	info, err := server.Get(t.Context(), &sdk.GetCollectionInfoRequest{CollectionName: name})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Delete(t.Context(), &sdk.DeleteCollection{CollectionName: name}); err != nil {
		t.Fatal(err)
	}
	foreign(t, server, name, width+3, info.GetResult().GetConfig().GetMetadata())
	point(t, server, "faults", name)
	wrong(t, "ready", s.Ready(t.Context()), corpus.ErrModelMismatch, "7 dimensions", "gives 4")
	_, err = qdrant.Open(t.Context(), at(server.Address()))
	wrong(t, "open", err, corpus.ErrModelMismatch, "7 dimensions", "gives 4", name)
}

// Ready asks what a question asks.
func TestReadyAsksAQuestion(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	strictly(t, server, s.Collection(), &sdk.StrictModeConfig{MaxQueryLimit: sdk.PtrOf(uint32(50))})
	_, err := s.Search(t.Context(), everything())
	wrong(t, "search", err, corpus.ErrRefusedState, "strict mode", "104 > 50")
	wrong(t, "ready", s.Ready(t.Context()), corpus.ErrRefusedState, "strict mode", "104 > 50")
}

// What another program wrote into the collection is left out, and told once.
func TestForeignPointsAreIgnored(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	var log bytes.Buffer
	options := at(server.Address())
	options.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := opened(t, options)
	client := raw(t, server.Address())
	for n := range uint64(200) {
		if _, err := client.Upsert(t.Context(), &sdk.UpsertPoints{CollectionName: s.Collection(), Wait: sdk.PtrOf(true), Points: []*sdk.PointStruct{{
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
		{"conditions", &sdk.StrictModeConfig{FilterMaxConditions: sdk.PtrOf(uint64(2))}, corpus.ErrRefusedState, []string{"filter_max_conditions", "needs"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := standin.Start(t, standin.Options{})
			strictly(t, server, opened(t, at(server.Address())).Collection(), test.config)
			s := opened2(t, server.Address())
			err := s.Put(t.Context(), []store.Entry{document("large", "1", 100)})
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
		})
	}
}

// A payload index that was removed is made again by the next writer.
func TestARemovedIndexIsMadeAgain(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	s := opened(t, at(server.Address()))
	client := raw(t, server.Address())
	if _, err := client.DeleteFieldIndex(t.Context(), &sdk.DeleteFieldIndexCollection{CollectionName: s.Collection(), FieldName: "language", Wait: sdk.PtrOf(true)}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Stats(t.Context())
	wrong(t, "count by a field without an index", err, corpus.ErrRefusedState, "index", "dalil index")
	if err := opened2(t, server.Address()).Put(t.Context(), []store.Entry{document("b", "1", 1)}); err != nil {
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
	_, err := qdrant.Open(t.Context(), at(server.Address()))
	wrong(t, "open", err, corpus.ErrUnavailable, "did not answer within 300ms")
	if n := calls.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A store that was opened before there was anything knows the terms as soon as it
// finds the collection.
func TestTermsOfACollectionThatCameLater(t *testing.T) {
	server := standin.Start(t, standin.Options{})
	early := opened2(t, server.Address())
	if err := opened(t, at(server.Address())).Close(); err != nil { // which stores its counts
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

package app_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
	"dalil/store/storetest"
)

// onBothStores runs a test on the embedded store and on Qdrant.
func onBothStores(t *testing.T, test func(t *testing.T, a *app.App)) {
	for name, settings := range map[string]func(*testing.T, func(*config.Config)) config.Config{"local": settings, "qdrant": onQdrant} {
		t.Run(name, func(t *testing.T) { test(t, open(t, settings(t, nil))) })
	}
}

// clocked is the driver of an embedded store that tells the time by a clock.
type clocked struct {
	*local.Driver
	dir   string
	clock *storetest.Clock
}

func (d clocked) Open(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return local.Open(ctx, local.Options{Dir: d.dir, Pipeline: p, Now: d.clock.Now})
}

// onClockedStores runs a test on both stores, which tell the time by its clock.
func onClockedStores(t *testing.T, test func(t *testing.T, a *app.App, clock *storetest.Clock)) {
	rows := map[string]func(config.Config, *slog.Logger, *storetest.Clock) store.Driver{
		"clocked-local": func(c config.Config, log *slog.Logger, clock *storetest.Clock) store.Driver {
			return clocked{local.NewDriver(c.Data, log), c.Data, clock}
		},
		"clocked-qdrant": func(c config.Config, log *slog.Logger, clock *storetest.Clock) store.Driver {
			return qdrant.NewDriver(qdrant.Options{
				Server: qdrant.Server{Address: c.Store.Address, Timeout: c.Store.Timeout, Connections: c.Store.Connections, Parallel: c.Store.Parallel},
				Alias:  c.Store.Collection, Log: log, Now: clock.Now,
			})
		},
	}
	for name, settings := range map[string]func(*testing.T, func(*config.Config)) config.Config{"clocked-local": settings, "clocked-qdrant": onQdrant} {
		t.Run(name, func(t *testing.T) {
			clock := &storetest.Clock{}
			app.AddStore(t, name, func(c config.Config, log *slog.Logger) store.Driver { return rows[name](c, log, clock) })
			c := settings(t, nil)
			c.Store.Name = name
			test(t, open(t, c), clock)
		})
	}
}

type wire struct {
	*testing.T
	documents dalilv1.DocumentServiceClient
	search    dalilv1.SearchServiceClient
}

func dial(t *testing.T, a *app.App) wire {
	connection, _ := serve(t, a)
	return wire{t, dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection)}
}

func (w wire) upsert(req *dalilv1.UpsertDocumentRequest) (*dalilv1.Receipt, codes.Code) {
	w.Helper()
	answer, err := w.documents.UpsertDocument(w.Context(), req)
	return answer.GetReceipt(), status.Code(err)
}

func (w wire) get(id string) *dalilv1.Document {
	w.Helper()
	answer, err := w.documents.GetDocument(w.Context(), &dalilv1.GetDocumentRequest{DocumentId: id})
	if err != nil && status.Code(err) != codes.NotFound {
		w.Fatal(err)
	}
	return answer.GetDocument()
}

func text(id, text string) *dalilv1.DocumentInput {
	return &dalilv1.DocumentInput{DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: text}}
}

func version(n int64) *int64 { return &n }

func TestDocumentsAreHiddenByTime(t *testing.T) {
	onClockedStores(t, func(t *testing.T, a *app.App, clock *storetest.Clock) {
		w := dial(t, a)
		soon := time.Now().Add(20 * time.Minute)
		later := timestamppb.New(time.Now().Add(time.Hour))
		for _, d := range []*dalilv1.DocumentInput{
			text("always", "Trains carry grain."),
			{DocumentId: "ends", Content: text("", "Ships carry grain.").Content, ExpiresAt: timestamppb.New(soon)},
			{DocumentId: "future", Content: text("", "Trucks carry grain.").Content, VisibleFrom: later},
			{DocumentId: "over", Content: text("", "Camels carry grain.").Content, ExpiresAt: timestamppb.New(time.Unix(1, 0))},
		} {
			if receipt, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: d}); code != codes.OK {
				t.Fatalf("%s: %v, %v", d.GetDocumentId(), receipt, code)
			}
		}
		found := func() map[string]bool {
			t.Helper()
			answer, err := w.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "carry grain"})
			if err != nil {
				t.Fatal(err)
			}
			ids := map[string]bool{}
			for _, p := range answer.GetPassages() {
				ids[p.GetDocument().GetDocumentId()] = true
			}
			return ids
		}
		if got := found(); len(got) != 2 || !got["always"] || !got["ends"] {
			t.Errorf("found %v, want always and ends", got)
		}
		d := w.get("future")
		if !d.GetVisibleFrom().AsTime().Equal(later.AsTime().Truncate(time.Microsecond)) {
			t.Errorf("the document of the future is %v", d)
		}
		hidden := corpus.NewChunkID("future", d.GetRevision(), 0).String()
		read, err := w.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: []string{hidden}})
		if err != nil || len(read.GetPassages()) != 0 || len(read.GetMissingPassageIds()) != 1 {
			t.Errorf("a hidden passage is read: %v, error %v", read, err)
		}
		if got := w.get("over"); got != nil {
			t.Errorf("an expired document is read: %v", got)
		}
		clock.Advance(30 * time.Minute)
		if got := found(); len(got) != 1 || !got["always"] {
			t.Errorf("after the end: found %v, want always", got)
		}
		listed, err := w.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: proto.Int32(2)})
		if err != nil || len(listed.GetDocuments()) != 2 || listed.GetNextPageToken() != "" {
			t.Errorf("listed %v, error %v, want always and future", listed, err)
		}
		bad := text("bad", "x")
		bad.VisibleFrom, bad.ExpiresAt = later, later
		if _, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: bad}); code != codes.InvalidArgument {
			t.Errorf("a document that is never visible: %v", code)
		}
	})
}

// A server removes what has expired, and says so in its metrics.
func TestExpiredDocumentsAreRemoved(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		past, future := time.Unix(1_000_000_000, 0), time.Now().Add(time.Hour)
		ingest(t, a, corpus.Document{ID: "over", Text: "Camels carry grain.", ExpiresAt: past}, corpus.Document{ID: "stays", Text: "Trains carry grain.", ExpiresAt: future},
			corpus.Document{ID: "future", Text: "Trucks carry grain.", VisibleFrom: future})
		if stats, err := a.Stats(operator(t)); err != nil || stats.Documents != 3 {
			t.Fatalf("%+v, error %v, want 3 documents", stats, err)
		}
		_, admin := serve(t, a)
		eventually(t, "the expired document is removed", func() bool {
			stats, err := a.Stats(operator(t))
			return err == nil && stats.Documents == 2 && stats.Passages == 2
		})
		eventually(t, "the metrics say so", func() bool {
			_, page := get(t, admin+"/metrics")
			return strings.Contains(page, "\ndalil_expiry_documents_removed_total 1\n") && strings.Contains(page, "\ndalil_expiry_last_sweep_timestamp_seconds ")
		})
	})
}

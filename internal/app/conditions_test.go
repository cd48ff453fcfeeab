package app_test

import (
	"io"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// Every field that a client can send is in the etag, and the same document has the
// same etag on each store.
func TestETags(t *testing.T) {
	same := map[string][]string{}
	var mu sync.Mutex
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		seen := map[string]string{}
		at := timestamppb.New(time.Date(2035, 1, 2, 3, 4, 5, 6000, time.UTC))
		for _, change := range []struct {
			name string
			make func(*dalilv1.DocumentInput)
		}{
			{"nothing", func(*dalilv1.DocumentInput) {}},
			{"text", func(d *dalilv1.DocumentInput) { d.Content = text("", "Trains carry grain and steel.").Content }},
			{"title", func(d *dalilv1.DocumentInput) { d.Title = "T" }},
			{"url", func(d *dalilv1.DocumentInput) { d.Url = "https://example.org/1" }},
			{"source", func(d *dalilv1.DocumentInput) { d.Source = "feed" }},
			{"language", func(d *dalilv1.DocumentInput) { d.Language = "fr" }},
			{"author", func(d *dalilv1.DocumentInput) { d.Author = "A" }},
			{"tags", func(d *dalilv1.DocumentInput) { d.Tags = []string{"x"} }},
			{"published_at", func(d *dalilv1.DocumentInput) { d.PublishedAt = at }},
			{"expires_at", func(d *dalilv1.DocumentInput) { d.ExpiresAt = at }},
			{"visible_from", func(d *dalilv1.DocumentInput) { d.VisibleFrom = timestamppb.New(time.Unix(5, 0)) }},
			{"a string", func(d *dalilv1.DocumentInput) {
				d.Metadata = map[string]*structpb.Value{"k": structpb.NewStringValue("1")}
			}},
			{"a number", func(d *dalilv1.DocumentInput) {
				d.Metadata = map[string]*structpb.Value{"k": structpb.NewNumberValue(1)}
			}},
			{"a boolean", func(d *dalilv1.DocumentInput) {
				d.Metadata = map[string]*structpb.Value{"k": structpb.NewBoolValue(true)}
			}},
		} {
			d := text("d", "Trains carry grain.")
			change.make(d)
			receipt, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: d})
			etag := receipt.GetEtag()
			if code != codes.OK || len(etag) != 32 || seen[etag] != "" {
				t.Fatalf("%s: etag %q as of %q, code %v", change.name, etag, seen[etag], code)
			}
			seen[etag] = change.name
			if got := w.get("d"); got.GetEtag() != etag {
				t.Errorf("%s: GetDocument has etag %q, the receipt %q", change.name, got.GetEtag(), etag)
			}
			listed, err := w.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{})
			if err != nil || len(listed.GetDocuments()) != 1 || listed.GetDocuments()[0].GetEtag() != etag {
				t.Errorf("%s: ListDocuments has %v, error %v", change.name, listed.GetDocuments(), err)
			}
			if change.name != "expires_at" {
				found, err := w.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "grain"})
				if err != nil || len(found.GetPassages()) != 1 || found.GetPassages()[0].GetDocument().GetEtag() != etag {
					t.Errorf("%s: Search has %v, error %v", change.name, found.GetPassages(), err)
				}
			}
			again, _ := w.upsert(&dalilv1.UpsertDocumentRequest{Document: d})
			if again.GetOutcome() != dalilv1.Outcome_OUTCOME_UNCHANGED || again.GetEtag() != etag {
				t.Errorf("%s: written again: %v", change.name, again)
			}
			mu.Lock()
			same[change.name] = append(same[change.name], etag)
			mu.Unlock()
		}
		// source_version and root are not content.
		d := text("d", "Trains carry grain.")
		d.SourceVersion, d.Root, d.ReplaceRoot = version(9), "/srv", true
		if receipt, _ := w.upsert(&dalilv1.UpsertDocumentRequest{Document: d}); seen[receipt.GetEtag()] != "nothing" {
			t.Errorf("with a source version and a root: %v", receipt)
		}
	})
	for name, etags := range same {
		if len(etags) != 2 || etags[0] != etags[1] {
			t.Errorf("%s: the etags of the stores are %v", name, etags)
		}
	}
}

func TestConditions(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		try := func(name string, want codes.Code, content, match, noneMatch string) string {
			t.Helper()
			receipt, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: text("a", content), IfMatch: match, IfNoneMatch: noneMatch})
			if code != want {
				t.Errorf("%s: code %v, want %v", name, code, want)
			}
			return receipt.GetEtag()
		}
		try("of none", codes.Aborted, "one", "*", "")
		first := try("absent", codes.OK, "one", "", "*")
		try("absent again", codes.Aborted, "two", "", "*")
		second := try("the etag", codes.OK, "two", first, "")
		try("the etag before", codes.Aborted, "three", first, "")
		try("any", codes.OK, "three", "*", "")
		try("both", codes.InvalidArgument, "three", second, "*")
		try("not a star", codes.InvalidArgument, "three", "", second)
		if got := w.get("a"); got.GetText() != "three" {
			t.Errorf("the index has %q", got.GetText())
		}
		remove := func(name string, want codes.Code, match string) {
			t.Helper()
			if _, err := w.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "a", IfMatch: match}); status.Code(err) != want {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
		remove("another etag", codes.Aborted, first)
		third := w.get("a").GetEtag()
		// In a stream, each document has its own.
		stream, err := w.documents.IngestDocuments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, req := range []*dalilv1.IngestDocumentsRequest{
			{Document: text("a", "four"), IfMatch: first},
			{Document: text("b", "b")},
			{Document: text("c", "c"), IfMatch: "*"},
			{Document: text("d", "d"), IfNoneMatch: "*"},
		} {
			req.Sequence = int64(i)
			if err := stream.Send(req); err != nil {
				t.Fatal(err)
			}
		}
		if err := stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		reasons := map[int64]dalilv1.ErrorReason{}
		for {
			answer, err := stream.Recv()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			reasons[answer.GetSequence()] = answer.GetReceipt().GetFailure().GetReason()
			if f := answer.GetReceipt().GetFailure(); f != nil && f.GetRetryable() {
				t.Errorf("%d: a condition that does not hold is retryable: %v", answer.GetSequence(), f)
			}
		}
		conflict := dalilv1.ErrorReason_ERROR_REASON_CONFLICT
		if len(reasons) != 4 || reasons[0] != conflict || reasons[1] != 0 || reasons[2] != conflict || reasons[3] != 0 {
			t.Errorf("the receipts' reasons are %v", reasons)
		}
		remove("the etag", codes.OK, third)
		remove("of none", codes.Aborted, "*")

		// Of two writers that read one state one wins.
		receipt, _ := w.upsert(&dalilv1.UpsertDocumentRequest{Document: text("a", "zero")})
		var racing sync.WaitGroup
		outcomes := make([]codes.Code, 6)
		for i := range outcomes {
			racing.Go(func() {
				_, outcomes[i] = w.upsert(&dalilv1.UpsertDocumentRequest{Document: text("a", string(rune('a'+i))+" wins"), IfMatch: receipt.GetEtag()})
			})
		}
		racing.Wait()
		won := 0
		for i, code := range outcomes {
			if code == codes.OK {
				won++
				if got := w.get("a"); got.GetText() != string(rune('a'+i))+" wins" {
					t.Errorf("writer %d won and the index has %q", i, got.GetText())
				}
			} else if code != codes.Aborted {
				t.Errorf("writer %d: %v", i, code)
			}
		}
		if won != 1 {
			t.Errorf("%d writers won, want 1: %v", won, outcomes)
		}
	})
}

func TestSourceVersions(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		try := func(name string, want dalilv1.Outcome, content string, v *int64) *dalilv1.Receipt {
			t.Helper()
			d := text("a", content)
			d.SourceVersion = v
			receipt, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: d})
			if code != codes.OK || receipt.GetOutcome() != want {
				t.Errorf("%s: %v, code %v, want %v", name, receipt, code, want)
			}
			return receipt
		}
		const indexed, unchanged, stale = dalilv1.Outcome_OUTCOME_INDEXED, dalilv1.Outcome_OUTCOME_UNCHANGED, dalilv1.Outcome_OUTCOME_STALE
		try("the first", indexed, "one", version(0))
		try("a newer one", indexed, "two", version(1_700_000_000_000))
		if r := try("an older one", stale, "three", version(5)); r.GetNewerSourceVersion() != 1_700_000_000_000 || r.GetEtag() != "" || r.GetFailure() != nil {
			t.Errorf("the stale receipt is %v", r)
		}
		try("an older one with the content held", stale, "two", version(5))
		try("the same", unchanged, "two", version(1_700_000_000_000))
		if r := try("a newer one with the same content", unchanged, "two", version(1_700_000_000_001)); r.GetTokens() != 0 || r.GetEtag() == "" {
			t.Errorf("the receipt is %v", r)
		}
		try("one older by one", stale, "three", version(1_700_000_000_000))
		if got := w.get("a"); got.GetText() != "two" || got.GetSourceVersion() != 1_700_000_000_001 {
			t.Errorf("the index has %v", got)
		}
		try("the same version, other content", indexed, "four", version(1_700_000_000_001))
		remove := func(v *int64) dalilv1.Outcome {
			t.Helper()
			answer, err := w.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "a", SourceVersion: v})
			if err != nil {
				t.Error(err)
			}
			return answer.GetReceipt().GetOutcome()
		}
		if got := remove(version(3)); got != stale {
			t.Errorf("an older deletion: %v", got)
		}
		if got := remove(version(1_700_000_000_003)); got != dalilv1.Outcome_OUTCOME_DELETED {
			t.Errorf("a newer deletion: %v", got)
		}
		try("older than the deletion", stale, "five", version(1_700_000_000_002))
		try("newer than the deletion", indexed, "six", version(1_700_000_000_004))
		if _, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "a", Content: text("", "x").Content, SourceVersion: version(-1)}}); code != codes.InvalidArgument {
			t.Errorf("a negative version: %v", code)
		}
	})
}

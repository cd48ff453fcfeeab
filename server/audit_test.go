package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"dalil/audit"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// auditing opens an audit log; records closes it and returns what it has.
func auditing(t *testing.T) (l *audit.Log, path string, records func() []audit.Record) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "audit")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, "audit.jsonl")
	l, err := audit.Open(path, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	t.Cleanup(func() {
		if !closed {
			l.Close()
		}
	})
	return l, path, func() (all []audit.Record) {
		t.Helper()
		closed = true
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(raw) {
			var r audit.Record
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if r.Time.IsZero() {
				t.Errorf("%s has no time", line)
			}
			all = append(all, r)
		}
		if text := string(raw); strings.Contains(text, "secret") || strings.Contains(text, "-key") {
			t.Errorf("the log has texts, filters or keys:\n%s", text)
		}
		return all
	}
}

// line is a record without what differs from run to run.
func line(r audit.Record) string {
	method := r.Method[strings.LastIndex(r.Method, "/")+1:]
	return strings.TrimSpace(fmt.Sprintf("%s %s %s/%s %s %v %v %s %s %s", r.Event, method, r.Principal, r.Tenant, r.Peer, r.Documents, r.Outcomes, r.Outcome, r.Reason, r.Subject))
}

func TestWritesAndRefusalsAreRecorded(t *testing.T) {
	l, _, records := auditing(t)
	keyring := newKeyring()
	keyring.set("both-key", corpus.Principal{Name: "writer", ID: "writer", Tenant: "news", Scopes: corpus.ScopeSearch | corpus.ScopeWrite})
	r := serve(t, newBackend(), server.Options{Authenticator: keyring, Audit: l, AuditRequired: true})
	writer, root := as(bearer(t.Context(), "writer-key"), "x-request-id", "r-1"), bearer(t.Context(), "root-key")
	try := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	try(r.documents.UpsertDocument(writer, &dalilv1.UpsertDocumentRequest{Document: document("a", "secret text")}))
	try(r.documents.UpsertDocuments(writer, &dalilv1.UpsertDocumentsRequest{Requests: []*dalilv1.UpsertDocumentRequest{
		{Document: document("b", "secret")}, {Document: document("c", "secret poison")},
	}}))
	try(ingestAll(writer, r, document("d", "secret"), document("e", "secret poison")))
	try(r.documents.DeleteDocument(writer, &dalilv1.DeleteDocumentRequest{DocumentId: "a"}))
	try(r.documents.DeleteDocuments(as(bearer(t.Context(), "both-key"), "x-request-id", "r-1"), &dalilv1.DeleteDocumentsRequest{Filter: language("ar"), ValidateOnly: true}))
	try(r.admin.ListCollections(root, &dalilv1.ListCollectionsRequest{}))
	try(r.search.Search(bearer(t.Context(), "reader-key"), &dalilv1.SearchRequest{Query: "secret"})) // leaves nothing
	try(r.search.Search(root, &dalilv1.SearchRequest{Query: "secret"}))                              // nor does this
	sport := as(root, "dalil-tenant", "sport")
	try(r.search.Search(sport, &dalilv1.SearchRequest{Query: "secret"}))
	try(r.documents.GetDocument(sport, &dalilv1.GetDocumentRequest{DocumentId: "b"}))
	_, err := r.documents.DeleteDocument(bearer(t.Context(), "reader-key"), &dalilv1.DeleteDocumentRequest{DocumentId: "b"})
	if refusalOf(err).Code != codes.PermissionDenied {
		t.Error(err)
	}
	for range 5 {
		if _, err := r.search.Search(bearer(t.Context(), "forged-key"), &dalilv1.SearchRequest{Query: "secret"}); refusalOf(err).Code != codes.Unauthenticated {
			t.Error(err)
		}
	}
	got := map[string]int{}
	calls := map[string][]audit.Event{}
	documents, refusals := map[string]bool{}, 0
	for _, one := range records() {
		if one.Call != "" {
			calls[one.Call] = append(calls[one.Call], one.Event)
		}
		if one.Principal == "writer" && one.RequestID != "r-1" {
			t.Errorf("%+v has not the number of the request", one)
		}
		if one.Event == audit.Written { // how many are recorded together is chance
			for _, id := range one.Documents {
				documents[id] = true
			}
			continue
		}
		if strings.HasSuffix(one.Method, "/DeleteDocuments") && (len(one.Filter) != 64 || !one.DryRun) {
			t.Errorf("the deletion by filter has no hash, or is not marked as a dry run: %+v", one)
		}
		if one.Outcome == "Unauthenticated" {
			refusals += one.Refusals
			continue
		}
		got[line(one)]++
	}
	if !documents["d"] || !documents["e"] || len(documents) != 2 {
		t.Errorf("the stream recorded %v, want d and e", documents)
	}
	if refusals != 5 {
		t.Errorf("%d wrong credentials are recorded, want 5", refusals)
	}
	const at = "writer/news 127.0.0.1"
	for _, want := range []string{
		"begin UpsertDocument " + at + " [a] map[]",
		"end UpsertDocument " + at + " [a] map[indexed:1] OK",
		"begin UpsertDocuments " + at + " [b c] map[]",
		"end UpsertDocuments " + at + " [b c] map[failed:1 indexed:1] OK",
		"begin IngestDocuments " + at + " [] map[]",
		"end IngestDocuments " + at + " [] map[] OK",
		"begin DeleteDocument " + at + " [a] map[]",
		"end DeleteDocument " + at + " [a] map[deleted:1] OK",
		"begin DeleteDocuments " + at + " [] map[]",
		"end DeleteDocuments " + at + " [] map[] OK",
		"end ListCollections root/ 127.0.0.1 [] map[] OK",
		"end Search root/sport 127.0.0.1 [] map[] OK",
		"end GetDocument root/sport 127.0.0.1 [b] map[] OK",
		"refused DeleteDocument reader/news 127.0.0.1 [] map[] PermissionDenied FORBIDDEN scope",
	} {
		if got[want] != 1 {
			t.Errorf("%d records are %q, want 1", got[want], want)
		}
		delete(got, want)
	}
	if len(got) > 0 {
		t.Errorf("there are further records: %v", got)
	}
	for call, events := range calls {
		if events[len(events)-1] != audit.End {
			t.Errorf("call %s has the events %v", call, events)
		}
	}
}

func TestNothingIsWrittenWithoutARecord(t *testing.T) {
	for _, required := range []bool{true, false} {
		l, path, records := auditing(t)
		h := newBackend()
		r := serve(t, h, server.Options{Audit: l, AuditRequired: required})
		if err := os.RemoveAll(filepath.Dir(path)); err != nil { // the disk is gone
			t.Fatal(err)
		}
		_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("a", "text")})
		_, streamed := ingestAll(t.Context(), r, document("b", "text"))
		if got := refusalOf(err); required && (got.Code != codes.Unavailable || !got.Retry) || !required && err != nil {
			t.Errorf("a write, required: %v: %v", required, err)
		}
		if got := refusalOf(streamed); required && got.Code != codes.Unavailable || !required && streamed != nil {
			t.Errorf("a stream, required: %v: %v", required, streamed)
		}
		if n := h.held(); required && n != 0 || !required && n != 2 {
			t.Errorf("%d documents were written, required: %v", n, required)
		}
		if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil {
			t.Errorf("a search: %v", err)
		}
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err = r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("c", "text")})
		if err != nil {
			t.Errorf("a write when the log can be written again: %v", err)
		}
		if all := records(); len(all) < 3 || all[0].Event != audit.Resumed {
			t.Errorf("got %+v, want that the log resumed, and the later write", all)
		}
	}
}

func TestAStreamStopsToWriteWithItsAuditLog(t *testing.T) {
	l, path, records := auditing(t)
	h := newBackend()
	r := serve(t, h, server.Options{Audit: l, AuditRequired: true})
	stream, err := r.documents.IngestDocuments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	send := func(id string) *dalilv1.Receipt {
		t.Helper()
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Document: document(id, "text")}); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return answer.GetReceipt()
	}
	send("a")
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	send("b") // it was on its way when the log failed; its record is kept
	if got := send("c"); got.GetOutcome() != dalilv1.Outcome_OUTCOME_FAILED || !got.GetFailure().GetRetryable() || h.held() != 2 {
		t.Errorf("after the log failed: %v, %d documents written", got, h.held())
	}
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a write", func() bool { return send("d").GetOutcome() == dalilv1.Outcome_OUTCOME_INDEXED })
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	for _, err = stream.Recv(); err == nil; _, err = stream.Recv() {
		continue
	}
	found := map[string]bool{}
	for _, one := range records() {
		for _, id := range one.Documents {
			found[id] = true
		}
	}
	if !found["b"] || !found["d"] || found["c"] {
		t.Errorf("the records have %v, want b and d", found)
	}
}

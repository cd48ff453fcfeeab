package server_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// What was live at the last collection and is not any more does not keep calls
// out: refused calls allocate nothing that would start another collection.
func TestSheddingEnds(t *testing.T) {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	r := serve(t, newBackend(), server.Options{MemoryLimit: int64(before.HeapAlloc) + 256<<20})
	held := make([]byte, 254<<20)
	runtime.GC()
	if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); refusalOf(err).Reason != "OVERLOADED" {
		t.Fatalf("with the memory in use: %v, want OVERLOADED", err)
	}
	runtime.KeepAlive(held)
	held = nil
	eventually(t, "an answer after the memory was freed", func() bool {
		_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
		return err == nil
	})
}

// A message of many tiny fields is refused before it is decoded: four million
// empty tags have 8 MB on the wire, and hundreds on their way into memory.
func TestManyTinyFields(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	metadata := map[string]*structpb.Value{}
	for i := range 1 << 18 {
		metadata[fmt.Sprint(i)] = structpb.NewStringValue("")
	}
	tagged := &dalilv1.DocumentInput{DocumentId: "a", Tags: make([]string, 4<<20)}
	filters := make([]*dalilv1.Filter, 30_000)
	for i := range filters {
		filters[i] = &dalilv1.Filter{}
	}
	for name, test := range map[string]struct {
		call func() error
		want refusal
	}{
		"tags": {func() error {
			_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: tagged})
			return err
		}, invalid("document")},
		"metadata": {func() error {
			_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{
				Document: &dalilv1.DocumentInput{DocumentId: "a", Metadata: metadata},
			})
			return err
		}, invalid("document")},
		"filters": {func() error {
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", Filter: &dalilv1.Filter{
				Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: filters}},
			}})
			return err
		}, invalid("request")},
		"questions": {func() error {
			_, err := r.admin.CompareCollections(t.Context(), &dalilv1.CompareCollectionsRequest{Questions: make([]string, 1<<20)})
			return err
		}, invalid("request")},
		"one of a stream": {func() error {
			receipts, err := ingestAll(t.Context(), r, tagged, document("b", "text"))
			if err != nil {
				return err
			}
			failed, indexed := receipts[0].GetReceipt(), receipts[1].GetReceipt()
			if failed.GetDocumentId() != "a" || !strings.Contains(failed.GetFailure().GetMessage(), "other than text and body must have at most 65536 bytes, have 8388") {
				t.Errorf("receipt %v, want a failure of document a with its size", failed)
			}
			if indexed.GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED {
				t.Errorf("receipt %v, want the other document indexed", indexed)
			}
			return nil
		}, refusal{}},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := test.call()
			runtime.ReadMemStats(&after)
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 100<<20 {
				t.Errorf("client and server took %d MB, want at most 100", took>>20)
			}
		})
	}
}

package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"

	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// bothStores runs a test on the embedded store and on Qdrant, with the seeds indexed
// and served.
func bothStores(t *testing.T, test func(t *testing.T, a *app.App, search dalilv1.SearchServiceClient)) {
	for name, c := range map[string]config.Config{"local": settings(t, nil), "qdrant": onQdrant(t, nil)} {
		t.Run(name, func(t *testing.T) {
			a := open(t, c)
			indexSeeds(t, a)
			connection, _ := serve(t, a)
			test(t, a, dalilv1.NewSearchServiceClient(connection))
		})
	}
}

// A batch over gRPC answers as the single calls do.
func TestBatchSearch(t *testing.T) {
	bothStores(t, func(t *testing.T, _ *app.App, search dalilv1.SearchServiceClient) {
		size := int32(3)
		request := &dalilv1.BatchSearchRequest{}
		for i := range 40 {
			request.Requests = append(request.Requests, &dalilv1.SearchRequest{
				Query: []string{"poverty reduction", "الحد من الفقر", "", "digital economy", "القمة العربية الصينية"}[i%5] + strings.Repeat(" growth", i/5), PageSize: &size,
			})
		}
		request.Requests[2].Query = ""
		batch, err := search.BatchSearch(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range request.GetRequests() {
			want := &dalilv1.BatchSearchResult{}
			alone, err := search.Search(operator(t), one)
			if err != nil {
				want.Result = &dalilv1.BatchSearchResult_Status{Status: status.Convert(err).Proto()}
			} else {
				want.Result = &dalilv1.BatchSearchResult_Response{Response: alone}
			}
			if diff := cmp.Diff(want, batch.GetResponses()[i], protocmp.Transform(), protocmp.IgnoreFields(&dalilv1.SearchResponse{}, "timings")); diff != "" {
				t.Errorf("request %d (-alone +batch):\n%s", i, diff)
			}
		}
	})
}

package app_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// TestTenantsThroughTheWire takes random steps as three tenants and compares every answer
// with maps: no answer has a document, a count, a facet, a passage or a failure of another
// tenant. The seed is fixed.
func TestTenantsThroughTheWire(t *testing.T) {
	for name, c := range map[string]func() config.Config{
		"local":  func() config.Config { return settings(t, nil) },
		"qdrant": func() config.Config { return onQdrant(t, nil) },
	} {
		t.Run(name, func(t *testing.T) { tenantsModel(t, c()) })
	}
}

func tenantsModel(t *testing.T, c config.Config) {
	connection, err := open(t, c).Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	documents, search, admin := dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection), dalilv1.NewAdminServiceClient(connection)
	random := rand.New(rand.NewPCG(10, 5))
	tenants := []string{"", "news", "news.ar"}
	held, failed, passages := map[string]map[string]string{}, map[string]map[string]bool{}, map[string]string{}
	for _, tenant := range tenants {
		held[tenant], failed[tenant] = map[string]string{}, map[string]bool{}
	}
	words := []string{"harbour", "poverty", "river", "museum", "treaty"}
	for step := range 240 {
		tenant := tenants[random.IntN(3)]
		own, id := held[tenant], fmt.Sprint("d", random.IntN(6))
		ctx := t.Context()
		if tenant != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, "dalil-tenant", tenant)
		}
		wrong := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("step %d, tenant %q: %s", step, tenant, fmt.Sprintf(format, args...))
		}
		ids := slices.Sorted(maps.Keys(own))
		switch random.IntN(9) {
		case 0, 1:
			text := fmt.Sprintf("The %s of tenant %q in step %d.", words[random.IntN(len(words))], tenant, step)
			if _, err := documents.UpsertDocument(ctx, &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
				DocumentId: id, Source: "of-" + tenant, Content: &dalilv1.DocumentInput_Text{Text: text},
			}}); err != nil {
				wrong("write %s: %v", id, err)
			}
			own[id] = text
			delete(failed[tenant], id)
		case 2:
			if _, err := documents.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: id}); err != nil {
				wrong("delete %s: %v", id, err)
			}
			delete(own, id)
			delete(failed[tenant], id)
		case 3:
			_, err := documents.UpsertDocument(ctx, &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
				DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: "..."},
			}})
			if err == nil {
				wrong("a text without letters was written")
			}
			failed[tenant][id] = true
			list, err := documents.ListFailures(ctx, &dalilv1.ListFailuresRequest{})
			if err != nil || len(list.GetFailures()) != len(failed[tenant]) || int(list.GetTotalSize()) != len(failed[tenant]) {
				wrong("failures %v, error %v, want %v", list, err, failed[tenant])
			}
		case 4:
			var listed []string
			for token := ""; ; {
				page, err := documents.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageSize: proto.Int32(2), PageToken: token})
				if err != nil {
					wrong("list: %v", err)
				}
				for _, d := range page.GetDocuments() {
					listed = append(listed, d.GetDocumentId())
				}
				if token = page.GetNextPageToken(); token == "" {
					break
				}
			}
			if !slices.Equal(listed, ids) {
				wrong("%v are listed, want %v", listed, ids)
			}
		case 5:
			answer, err := documents.GetDocument(ctx, &dalilv1.GetDocumentRequest{DocumentId: id, IncludeText: proto.Bool(true)})
			text, there := own[id]
			if there && (err != nil || answer.GetDocument().GetText() != text) || !there && status.Code(err) != codes.NotFound {
				wrong("read %s: %v, error %v, want %q", id, answer, err, text)
			}
		case 6:
			facets, err := documents.ListFacets(ctx, &dalilv1.ListFacetsRequest{})
			stats, statsErr := admin.GetStats(ctx, &dalilv1.GetStatsRequest{})
			said := strings.ReplaceAll(fmt.Sprint(facets), fmt.Sprintf("%q", "of-"+tenant), "")
			if err != nil || statsErr != nil || int(stats.GetDocuments()) != len(own) || int(facets.GetTotalSize()) != len(own) || strings.Contains(said, "of-") {
				wrong("facets %v, counts %v, errors %v, %v, want %d documents", facets, stats, err, statsErr, len(own))
			}
		case 7:
			if len(passages) == 0 {
				continue
			}
			one := slices.Sorted(maps.Keys(passages))[random.IntN(len(passages))]
			read, err := search.GetPassages(ctx, &dalilv1.GetPassagesRequest{PassageIds: []string{one}})
			if err != nil || passages[one] != tenant && len(read.GetPassages()) > 0 || len(read.GetPassages())+len(read.GetMissingPassageIds()) != 1 {
				wrong("the passage %s of %q: %v, error %v", one, passages[one], read, err)
			}
		default:
			answer, err := search.Search(ctx, &dalilv1.SearchRequest{Query: words[random.IntN(len(words))]})
			if err != nil && !(len(own) == 0 && status.Code(err) == codes.FailedPrecondition) {
				wrong("search: %v", err)
			}
			for _, p := range answer.GetPassages() {
				if passages[p.GetPassageId()] = tenant; own[p.GetDocumentId()] != p.GetText() {
					wrong("found %v, want %q", p, own[p.GetDocumentId()])
				}
			}
		}
	}
	if len(passages) == 0 {
		t.Error("no search found a passage")
	}
}

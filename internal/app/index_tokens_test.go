package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestIndexTokens(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		var writing sync.WaitGroup
		for w := range 3 {
			writing.Go(func() {
				for i := range 6 {
					id := fmt.Sprintf("w%d-%d", w, i)
					r := s.upsert(plainText(id, "The herring market of "+id+".", nil))
					answer, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring market " + id, MinIndexToken: r.GetIndexToken(), Filter: &dalilv1.Filter{
						Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID, Values: []string{id}}},
					}})
					if err != nil || len(answer.GetPassages()) == 0 || answer.GetIndexToken() == "" {
						t.Errorf("a search after the write of %s: %v, %v", id, answer, err)
					}
				}
			})
		}
		writing.Wait()
		other := newShelf(t, settings(t, nil))
		foreign := other.upsert(plainText("x", "Another index.", nil)).GetIndexToken()
		for name, token := range map[string]string{"nonsense": "nonsense", "a page token": "ZAAAAAAAAAAAAAAA", "another index": foreign} {
			_, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring", MinIndexToken: token})
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "min_index_token") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A token of a write that the index does not have, as after an older copy of the data folder
// was put back, makes a search wait until its deadline.
func TestATokenAheadWaits(t *testing.T) {
	c := settings(t, nil)
	a, err := app.Open(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	connection, _ := serve(t, a)
	s := onConnection(t, connection)
	s.upsert(plainText("a", "A text.", nil))
	token := s.upsert(plainText("b", "A text.", nil)).GetIndexToken()
	ahead := tokenAhead(t, token)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.search.Search(ctx, &dalilv1.SearchRequest{Query: "text", MinIndexToken: ahead}); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("a write that did not happen yet: %v", err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "text", MinIndexToken: ahead})
		done <- err
	}()
	s.upsert(plainText("c", "A text.", nil))
	if err := <-done; err != nil {
		t.Errorf("a write that happened meanwhile: %v", err)
	}
}

// tokenAhead returns the token of the write after that of a token whose number is below 127.
func tokenAhead(t *testing.T, token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 18 {
		t.Fatalf("token %q: %v", token, err)
	}
	body := raw[:10]
	body[9]++
	sum := sha256.Sum256(append(slices.Clone(body), 0))
	return base64.RawURLEncoding.EncodeToString(append(body, sum[:8]...))
}

// Of two servers on one collection, each has the other's writes; a token that a server does not
// know yet, because it has not noticed that another collection is active, makes it wait.
func TestTokensOnTwoServers(t *testing.T) {
	c := onQdrant(t, nil)
	one, two := newShelf(t, c), newShelf(t, c)
	for i := range 6 {
		writer, reader := one, two
		if i%2 == 1 {
			writer, reader = two, one
		}
		id := fmt.Sprint("d", i)
		r := writer.upsert(plainText(id, "Herring of "+id+".", map[string]any{"n": float64(i)}))
		if i > 1 {
			update, err := writer.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{
				DocumentId: id, Metadata: map[string]*structpb.Value{"n": structpb.NewNumberValue(100)},
			}})
			if err != nil {
				t.Fatal(err)
			}
			r = update.GetReceipt()
		}
		answer, err := reader.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring", MinIndexToken: r.GetIndexToken(), Filter: byKey("n", map[bool]any{true: 100.0, false: float64(i)}[i > 1])})
		found := map[string]bool{}
		for _, p := range answer.GetPassages() {
			found[p.GetDocumentId()] = true
		}
		if err != nil || !found[id] {
			t.Errorf("server %d does not have %s: %v, %v", 2-i%2, id, slices.Sorted(maps.Keys(found)), err)
		}
	}
	// A rebuild activates another collection: each server goes over in its own time.
	edited := one.get("d5").GetDocument()
	before := one.upsert(plainText("before", "A herring before.", nil)).GetIndexToken()
	started, err := one.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{Activate: true})
	if err != nil {
		t.Fatal(err)
	}
	one.wait(started.GetOperation())
	for try := 0; ; try++ {
		r, err := one.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: plainText("after", fmt.Sprintf("A herring after %d.", try), nil)})
		if err != nil {
			if try == 100 {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		for _, token := range []string{r.GetReceipt().GetIndexToken(), before} {
			answer, err := two.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring after", MinIndexToken: token})
			if err != nil || len(answer.GetPassages()) == 0 {
				t.Errorf("after the activation: %v, %v", answer, err)
			}
		}
		break
	}
	// The rebuild has the updated document, with the same etag; an upsert of the same content changes nothing.
	if d := two.get("d5").GetDocument(); d.GetEtag() != edited.GetEtag() || d.GetMetadata()["n"].GetNumberValue() != 100 {
		t.Errorf("after the rebuild: %v, before %v", d, edited)
	}
	if r := two.upsert(plainText("d5", "Herring of d5.", map[string]any{"n": 100.0})); r.GetOutcome() != dalilv1.Outcome_OUTCOME_UNCHANGED || r.GetEtag() != edited.GetEtag() {
		t.Errorf("an upsert after the rebuild: %v", r)
	}
}

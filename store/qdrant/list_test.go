package qdrant_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/store"
	"dalil/store/qdrant/standin"
)

// listed reads all ids, page by page.
func listed(t *testing.T, s store.Reader, page int) (ids []string) {
	t.Helper()
	for after := ""; ; {
		infos, err := s.Documents(t.Context(), after, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, info := range infos {
			ids = append(ids, info.Document.ID)
		}
		if len(infos) < page {
			return ids
		}
		after = ids[len(ids)-1]
	}
}

// Documents are listed by rising id, byte by byte, whatever they share and however
// they are paged.
func TestListedByID(t *testing.T) {
	inIDOrder(t, standin.Start(t, standin.Options{}).Address(), 0)
}

func TestListedByIDLive(t *testing.T) {
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" {
		t.Skip("DALIL_TEST_QDRANT names no server")
	}
	inIDOrder(t, address, 3)
}

func inIDOrder(t *testing.T, address string, shards int) {
	options := at(address)
	options.Alias, options.Timeout = fmt.Sprintf("listed-%d", time.Now().UnixNano()), 10*time.Second
	options.Layout.Shards = shards
	t.Cleanup(func() { removeAll(t, options) })
	s := opened(t, options)
	if err := s.Delete(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	shared := "https://example.com/articles/of-one-day/of-one-year/" // longer than all that is indexed
	want := []string{"a", "a\x01", "aa", "ملف/1", "ملف/2", "ملف", "z", "\x01", "zzzzzz", "zzzzzz1", "zzzzz"}
	for i := range 120 {
		want = append(want, fmt.Sprint("news/", i), fmt.Sprint(shared, i), fmt.Sprintf("%s/%d", strings.Repeat("x", 6*(i%9)), i))
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(want), func(i, j int) { want[i], want[j] = want[j], want[i] })
	var entries []store.Entry
	for _, id := range want {
		entries = append(entries, document(id, "1", 1))
	}
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	for _, page := range []int{2, 7, 50, 1000} {
		if diff := cmp.Diff(want, listed(t, s, page)); diff != "" {
			t.Fatalf("in pages of %d (-want +got):\n%s", page, diff)
		}
	}
	if infos, err := s.Documents(t.Context(), "news/3x", 2); err != nil || len(infos) != 2 || infos[0].Document.ID != "news/4" {
		t.Errorf("after an id that is not held: %+v, %v", infos, err)
	}
}

// A listing shows each document that is there throughout once, while others come
// and go and it is written itself.
func TestListingWhileWritten(t *testing.T) {
	s := opened(t, at(standin.Start(t, standin.Options{}).Address()))
	var stay []string
	for i := range 40 {
		stay = append(stay, fmt.Sprintf("stay/%02d", i))
	}
	write := func(ctx context.Context, id, revision string) error {
		return s.Put(ctx, []store.Entry{document(id, revision, chunksOf(revision))})
	}
	for _, id := range stay {
		if err := write(t.Context(), id, "1"); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for i, after := 0, "stay/"; ; i++ {
		infos, err := s.Documents(t.Context(), after, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, info := range infos {
			if !strings.Contains(info.Document.ID, "passing") {
				got = append(got, info.Document.ID)
			}
			after = info.Document.ID
		}
		if len(infos) < 3 {
			break
		}
		for _, id := range []string{stay[(i*7)%40], fmt.Sprintf("stay/%02d/passing", i%40)} {
			if err := write(t.Context(), id, fmt.Sprint(i%10)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(stay, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

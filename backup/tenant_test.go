package backup_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/backup"
	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// written is an archive, of one tenant if the caller has one.
func written(t *testing.T, ctx context.Context, s *local.Store) *bytes.Reader {
	t.Helper()
	var archive bytes.Buffer
	if _, err := backup.Write(ctx, &archive, store.OfCaller(ctx, s), "test"); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(archive.Bytes())
}

func restoreTenant(t *testing.T, archive *bytes.Reader, tenant string, s store.Store) (backup.Summary, error) {
	t.Helper()
	if _, err := archive.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	return backup.RestoreTenant(t.Context(), archive, tenant, func(_ context.Context, h backup.Header) (store.Store, error) {
		if h.Settings.Pipeline != pipeline() {
			t.Errorf("opened for %+v", h.Settings.Pipeline)
		}
		return s, nil
	})
}

// An archive of one tenant has its documents and no others, and is restored beside the
// documents of others.
func TestOneTenant(t *testing.T) {
	s := filled(t) // documents of the tenant without a name
	for _, id := range []string{"\x01news\x01a", "\x01news\x01d01", "\x01newsroom\x01a"} {
		if err := s.Put(t.Context(), []store.Entry{entry(id, "r1", 3)}); err != nil {
			t.Fatal(err)
		}
	}
	news := corpus.WithPrincipal(t.Context(), corpus.Operator("news"))
	one := written(t, news, s)
	summary, err := backup.Verify(t.Context(), one)
	if err != nil || summary.Documents != 2 || summary.Passages != 6 {
		t.Fatalf("the archive of one tenant: %+v, %v", summary, err)
	}
	whole := written(t, t.Context(), s)
	for name, archive := range map[string]*bytes.Reader{"of one tenant": one, "of all": whole} {
		target := openStore(t, t.TempDir())
		if _, err := target.Create(t.Context(), store.Settings{Pipeline: pipeline(), AverageLength: 1}); err != nil {
			t.Fatal(err)
		}
		if err := target.Put(t.Context(), []store.Entry{entry("d01", "r9", 1), entry("\x01sport\x01a", "r9", 1)}); err != nil {
			t.Fatal(err)
		}
		if summary, err := restoreTenant(t, archive, "news", target); err != nil || summary.Documents != 2 || summary.Passages != 6 {
			t.Fatalf("%s: restored %+v, %v", name, summary, err)
		}
		var ids []string
		if err := store.Each(t.Context(), target, func(r store.Record) error { ids = append(ids, r.Document.ID+" "+r.Revision); return nil }); err != nil {
			t.Fatal(err)
		}
		want := []string{"\x01news\x01a r1", "\x01news\x01d01 r1", "\x01sport\x01a r9", "d01 r9"}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for tenant, says := range map[string]string{"news": "delete them first", "none": "no documents of tenant none"} {
			if _, err := restoreTenant(t, archive, tenant, target); !errors.Is(err, corpus.ErrRefusedState) || !bytes.Contains([]byte(err.Error()), []byte(says)) {
				t.Errorf("%s: tenant %s again: %v", name, tenant, err)
			}
		}
	}
	// Into an empty place.
	empty := openStore(t, t.TempDir())
	if summary, err := restoreTenant(t, one, "news", empty); err != nil || summary.Documents != 2 {
		t.Errorf("into an empty store: %+v, %v", summary, err)
	}
}

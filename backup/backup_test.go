package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/backup"
	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

func pipeline() corpus.Pipeline {
	return corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: 3, Analyzer: "a", Chunker: "c", QueryPrefix: "q: "}
}

func openStore(t *testing.T, dir string) *local.Store {
	t.Helper()
	s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: pipeline()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func entry(id, revision string, passages int) store.Entry {
	version := int64(len(id))
	e := store.Entry{
		Document: corpus.Document{
			ID: id, Title: "عنوان " + id, URL: "https://example.org/" + id, Source: id + ".txt", Root: "/srv/articles", Language: "ar", Author: "someone",
			Tags: []string{"a", "ب"}, Groups: []string{"editors", "محررون"}, Metadata: map[string]corpus.Value{"k": corpus.String("v"), "<&>": corpus.String("\n"), "year": corpus.Number(1<<53 - 1), "draft": corpus.Boolean(false), "list": corpus.List("<", "")},
			PublishedAt: time.Date(2024, 2, 29, 1, 2, 3, 4, time.UTC), VisibleFrom: time.Date(2025, 1, 1, 0, 0, 0, 1000, time.UTC),
			ExpiresAt: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC), SourceVersion: &version, ETag: revision,
		},
		Fingerprint: revision + "-f",
	}
	at := 0
	for i := range passages {
		text := fmt.Sprintf("%s في %s %d. ", id, revision, i)
		e.Points = append(e.Points, store.Point{
			Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(id, revision, i), DocumentID: id, Revision: revision, Ordinal: i,
				Span: corpus.Span{Start: at, End: at + len(text)}, Text: text, Headings: []string{"Part", "فصل"}[:i%3],
			},
			Dense:  corpus.Vector{0.1, -0.7, float32(i) / 3},
			Sparse: corpus.Sparse{Dimensions: []uint32{7, uint32(100 + i)}, Weights: []float32{0.25, 1.0 / 3}},
		})
		at += len(text)
	}
	return e
}

// filled is a store with documents of several sizes and one without passages.
func filled(t *testing.T) *local.Store {
	t.Helper()
	s := openStore(t, t.TempDir())
	settings := store.Settings{Pipeline: pipeline(), AverageLength: 12.5, Probes: []corpus.Vector{{1, 0, 0.5}}, CreatedAt: time.Unix(1e9, 0).UTC()}
	if _, err := s.Create(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	var entries []store.Entry
	for i := range 40 {
		e := entry(fmt.Sprintf("d%02d", i), "r1", i%7)
		if i == 3 { // from before values had types
			e.Document.Metadata = map[string]corpus.Value{"year": corpus.Untyped("2022")}
		}
		entries = append(entries, e)
	}
	entries = append(entries, entry(corpus.TenantKey("news", "d01"), "r2", 2))
	entries[3].Document.Source = "caf\xe9.txt" // as a file's name may be
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	return s
}

func everything(t *testing.T, s store.Reader) []store.Entry {
	t.Helper()
	var all []store.Entry
	for e, err := range store.Entries(t.Context(), s) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b store.Entry) int { return strings.Compare(a.Document.ID, b.Document.ID) })
	return all
}

func restore(t *testing.T, archive []byte) (*local.Store, backup.Summary, error) {
	t.Helper()
	var to *local.Store
	summary, err := backup.Restore(t.Context(), bytes.NewReader(archive), func(_ context.Context, h backup.Header) (backup.Target, error) {
		to = openStore(t, t.TempDir())
		return to, nil
	})
	return to, summary, err
}

// plain hides what a store can do beyond the contract.
type plain struct{ store.Reader }

// A field that the nouns get later must be in the archive too: this fails until
// the test's own entry has it, and then TestRoundTrip proves it.
func TestTheTestHasEveryField(t *testing.T) {
	e := entry("a", "r", 3)
	settings, err := filled(t).Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{settings, e.Document, e.Points[2].Chunk, e.Points[2].Sparse} {
		value := reflect.ValueOf(v)
		for i := range value.NumField() {
			if name := value.Type().Field(i).Name; value.Field(i).IsZero() && name != "Text" {
				t.Errorf("%v: the test's entry has no %s", value.Type(), name)
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	s := filled(t)
	want := everything(t, s)
	for name, from := range map[string]store.Reader{"one moment": s, "page by page": plain{s}} {
		var archive bytes.Buffer
		written, err := backup.Write(t.Context(), &archive, from, "test 1")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		verified, err := backup.Verify(t.Context(), bytes.NewReader(archive.Bytes()))
		if err != nil || verified.Documents != 41 || verified.Documents != written.Documents || verified.Passages != written.Passages || verified.Header.CreatedBy != "test 1" {
			t.Errorf("%s: wrote %+v, verified %+v, %v", name, written, verified, err)
		}
		to, _, err := restore(t, archive.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, everything(t, to), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: restored differs (-want +got):\n%s", name, diff)
		}
		held, err := to.Settings(t.Context())
		wanted, _ := s.Settings(t.Context())
		if diff := cmp.Diff(wanted, held); diff != "" || err != nil {
			t.Errorf("%s: settings, %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// watched calls each before every document is handed on.
type watched struct {
	*local.Store
	each func()
}

func (w watched) Entries(ctx context.Context) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		for e, err := range w.Store.Entries(ctx) {
			w.each()
			if !yield(e, err) {
				return
			}
		}
	}
}

// What is written while the archive is written is not in it, in no part.
func TestABackupIsOneMoment(t *testing.T) {
	s := filled(t)
	want := everything(t, s)
	seen := 0
	from := watched{s, func() {
		if seen++; seen != 3 {
			return
		}
		var entries []store.Entry
		for i := range 60 {
			entries = append(entries, entry(fmt.Sprintf("d%02d", i), "r2", 3))
		}
		if err := errors.Join(s.Put(t.Context(), entries), s.Delete(t.Context(), []string{"d05", "d30"})); err != nil {
			t.Error(err)
		}
	}}
	var archive bytes.Buffer
	if _, err := backup.Write(t.Context(), &archive, from, "test"); err != nil {
		t.Fatal(err)
	}
	to, _, err := restore(t, archive.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, everything(t, to), cmpopts.EquateEmpty()); diff != "" || seen != 41 {
		t.Errorf("after %d documents, the archive is not the moment at which it began (-want +got):\n%s", seen, diff)
	}
}

// An archive that was cut short or changed anywhere is refused, before anything
// is written to the store.
func TestDamagedArchivesAreRefused(t *testing.T) {
	var buffer bytes.Buffer
	if _, err := backup.Write(t.Context(), &buffer, filled(t), "test"); err != nil {
		t.Fatal(err)
	}
	archive := buffer.Bytes()
	refused := func(name string, spoiled []byte) {
		t.Helper()
		opened := false
		_, err := backup.Restore(t.Context(), bytes.NewReader(spoiled), func(context.Context, backup.Header) (backup.Target, error) {
			opened = true
			return nil, errors.New("must not be opened")
		})
		if !errors.Is(err, corpus.ErrCorrupt) || opened {
			t.Errorf("%s: got %v, want ErrCorrupt before the store is opened", name, err)
		}
	}
	for _, n := range []int{0, 1, 511, 512, 1000, len(archive) / 3, len(archive) / 2, len(archive) - 2000} {
		refused(fmt.Sprintf("the first %d of %d bytes", n, len(archive)), archive[:n])
	}
	// Every byte of a file's content counts; the padding of tar does not.
	files := tar.NewReader(bytes.NewReader(archive))
	at := 0
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		at += 512
		for offset := 0; offset < int(header.Size); offset += 1 + int(header.Size)/97 {
			spoiled := bytes.Clone(archive)
			spoiled[at+offset] ^= 0x01
			refused(fmt.Sprintf("%s, byte %d", header.Name, offset), spoiled)
		}
		at += (int(header.Size) + 511) / 512 * 512
	}
	refused("another tar file", func() []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		_ = w.WriteHeader(&tar.Header{Name: "x", Size: 1, Mode: 0o600})
		_, _ = w.Write([]byte("x"))
		_ = w.Close()
		return b.Bytes()
	}())
}

// testdata/format-1.tar is an archive of format 1 with one document, whose metadata
// was {"year": 2022, "kind": "x"}: strings then.
func TestAnOlderFormatIsRead(t *testing.T) {
	archive, err := os.ReadFile("testdata/format-1.tar")
	if err != nil {
		t.Fatal(err)
	}
	restored := func(archive []byte) *local.Store {
		var s *local.Store
		_, err := backup.Restore(t.Context(), bytes.NewReader(archive), func(_ context.Context, h backup.Header) (backup.Target, error) {
			var err error
			s, err = local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: h.Settings.Pipeline})
			return s, err
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		info, err := s.Document(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		d, year := &info.Document, 2022.0
		if !d.Metadata["year"].Equal(corpus.String("2022")) || !(corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "year", Min: &year, Max: &year}}).Match(d) {
			t.Errorf("metadata %v: a range of numbers does not find the year", d.Metadata)
		}
		return s
	}
	var again bytes.Buffer
	if _, err := backup.Write(t.Context(), &again, restored(archive), "test"); err != nil {
		t.Fatal(err)
	}
	restored(again.Bytes())
}

func TestANewerFormatIsRefused(t *testing.T) {
	var buffer bytes.Buffer
	if _, err := backup.Write(t.Context(), &buffer, filled(t), "dalil 9.9"); err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(buffer.Bytes(), fmt.Appendf(nil, `"format": %d`, backup.Format), fmt.Appendf(nil, `"format": %d`, backup.Format+1), 1)
	if _, err := backup.Verify(t.Context(), bytes.NewReader(newer)); !errors.Is(err, corpus.ErrUnsupported) || !strings.Contains(err.Error(), "dalil 9.9") {
		t.Errorf("got %v, want ErrUnsupported that names dalil 9.9", err)
	}
}

func TestAStoreThatHoldsSomethingIsRefused(t *testing.T) {
	var buffer bytes.Buffer
	s := filled(t)
	if _, err := backup.Write(t.Context(), &buffer, s, "test"); err != nil {
		t.Fatal(err)
	}
	before := everything(t, s)
	_, err := backup.Restore(t.Context(), bytes.NewReader(buffer.Bytes()), func(context.Context, backup.Header) (backup.Target, error) { return s, nil })
	if !errors.Is(err, corpus.ErrRefusedState) {
		t.Errorf("got %v, want ErrRefusedState", err)
	}
	if diff := cmp.Diff(before, everything(t, s)); diff != "" {
		t.Errorf("the store has changed (-before +after):\n%s", diff)
	}
}

package local_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// spoilPages overwrites every leaf of a database's trees that holds the bytes; with
// inner, the inner pages that do.
func spoilPages(t *testing.T, path string, needle []byte, inner bool) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for at := 8192; at < len(content); at += 8192 {
		page := content[at : at+8192]
		leaf := page[0] == 13 || page[0] == 10 // SQLite file format, section 1.6
		if leaf != inner && bytes.Contains(page, needle) {
			copy(page, bytes.Repeat([]byte{0xff}, 8192))
			pages++
		}
	}
	if pages == 0 {
		t.Fatal("no page holds that: the test tries nothing")
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// With a damaged page, the documents on it are named and all others are read:
// whatever part of the database it was, and with segment files or without.
func TestSalvage(t *testing.T) {
	original := t.TempDir()
	s := openSmall(t, original)
	create(t, s)
	texts := map[string]string{}
	var entries []store.Entry
	for i := range 200 {
		e := smallEntry(fmt.Sprintf("d%03d", i), "1", 7)
		for j := range e.Points {
			c := &e.Points[j].Chunk
			c.Text = strings.Repeat(c.Text+" ", 12)
			c.Span.End = c.Span.Start + len(c.Text)
			texts[e.Document.ID] += c.Text
		}
		entries = append(entries, e)
	}
	put(t, s, entries...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if len(segmentFiles(t, original)) == 0 {
		t.Fatal("there is no segment file")
	}
	dense := binary.LittleEndian.AppendUint32(nil, math.Float32bits(entries[100].Points[3].Dense[0]))
	dense = binary.LittleEndian.AppendUint32(dense, math.Float32bits(entries[100].Points[3].Dense[1]))
	for name, test := range map[string]struct {
		needle   []byte
		inner    bool
		readable bool // the texts of the damaged documents are whole
		most     int  // damaged documents
	}{
		"nothing":       {},
		"a text":        {needle: []byte(entries[100].Points[3].Chunk.Text[:80]), most: 20},
		"a vector":      {needle: dense, readable: true},
		"an id":         {needle: []byte("d100"), most: 160}, // leaves of the table of documents, of its index, and of texts
		"many texts":    {needle: []byte("d10"), most: 160},
		"an inner page": {needle: []byte("d000"), inner: true, most: 200}, // it has bytes of when it was a leaf
	} {
		for _, files := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, segment files %v", name, files), func(t *testing.T) {
				dir := copyFolder(t, original)
				if !files {
					removeAll(t, segmentFiles(t, dir))
				}
				path := filepath.Join(collectionDir(t, dir), "dalil.db")
				if test.needle != nil {
					spoilPages(t, path, test.needle, test.inner)
				}
				before := folderState(t, dir)
				s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true, Salvage: true})
				if err != nil {
					t.Fatal(err)
				}
				damaged := map[string]bool{}
				unknown := 0
				for _, d := range s.Damaged() {
					if !errors.Is(d.Err, corpus.ErrCorrupt) || d.Readable != test.readable {
						t.Errorf("damage %+v, want ErrCorrupt", d)
					}
					switch {
					case d.DocumentID == "":
						unknown++
					case !d.Readable:
						damaged[d.DocumentID] = true
					}
				}
				if (len(s.Damaged()) == 0) != (test.needle == nil) || len(damaged) > test.most {
					t.Errorf("%d documents are damaged, of %d at most", len(damaged), test.most)
				}
				lines, err := s.Integrity(t.Context())
				if err != nil || (len(lines) == 0) != (test.needle == nil) {
					t.Errorf("integrity: %q, %v", lines, err)
				}
				var listed []string
				for after := ""; ; {
					page, err := s.Documents(t.Context(), after, 17)
					if err != nil {
						t.Fatal(err)
					}
					for _, info := range page {
						id := info.Document.ID
						ids := make([]corpus.ChunkID, info.Chunks)
						for i := range ids {
							ids[i] = corpus.NewChunkID(id, info.Revision, i)
						}
						points, err := s.Chunks(t.Context(), ids, store.WithText)
						text := ""
						for _, p := range points {
							text += p.Chunk.Text
						}
						if err != nil || text != texts[id] {
							t.Errorf("%s: %d passages, %v, or another text", id, len(points), err)
						}
						listed = append(listed, id)
					}
					if len(page) < 17 {
						break
					}
					after = page[len(page)-1].Document.ID
				}
				for _, e := range entries {
					id := e.Document.ID
					if slices.Contains(listed, id) == damaged[id] && unknown == 0 {
						t.Errorf("%s: listed %v, damaged %v", id, slices.Contains(listed, id), damaged[id])
					}
				}
				if len(listed)+len(damaged) < len(entries) && unknown == 0 {
					t.Errorf("%d listed and %d damaged, of %d", len(listed), len(damaged), len(entries))
				}
				t.Logf("%d listed, %d damaged, %d unknown", len(listed), len(damaged), unknown)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				if !mapsEqual(before, folderState(t, dir)) {
					t.Error("salvaging has changed the folder")
				}
			})
		}
	}
}

// Where the settings are gone, the texts are still read.
func TestSalvageWithoutSettings(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	for i := range 40 {
		put(t, s, smallEntry(fmt.Sprint("d", i), "1", 3))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	spoilPages(t, filepath.Join(collectionDir(t, dir), "dalil.db"), []byte(`"AverageLength"`), false)
	if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true}); !errors.Is(err, corpus.ErrCorrupt) {
		t.Errorf("open: got %v, want ErrCorrupt", err)
	}
	damaged, err := local.OpenDamaged(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer damaged.Close()
	all, err := damaged.Documents(t.Context(), "", 100)
	if err != nil || len(all) != 40 || len(damaged.Damaged()) != 0 {
		t.Errorf("%d documents, %v, damaged %v", len(all), err, damaged.Damaged())
	}
}

func mapsEqual(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

package local

import (
	"testing"

	"dalil/corpus"
)

// Killing a process does not show whether a commit reached the disk, pulling
// the plug would: so what SQLite was asked for is looked at.
func TestCommitsReachTheDisk(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Pipeline: corpus.Pipeline{Dimensions: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal"} {
		var got string
		if err := s.database.writer.connection.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", pragma, got, err, want)
		}
	}
}

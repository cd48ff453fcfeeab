package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dalil/corpus"
)

// acknowledgedFile has the high-water mark of a collection: the last write that was
// acknowledged, stored outside SQLite. If SQLite's log was removed or cut short,
// SQLite cannot detect that and opens an older state. The mark reveals it.
const acknowledgedFile = "acknowledged.json"

// markEvery is how old the mark may be.
const markEvery = time.Second

// acknowledged is the content of the mark.
type acknowledged struct {
	Sequence  int64     `json:"sequence"`  // number of the last write, counted from 1
	Documents int       `json:"documents"` // number of documents after it
	At        time.Time `json:"at"`
}

// readMark returns false if there is no valid mark. A collection of an older
// version has none.
func readMark(folder string) (a acknowledged, found bool) {
	raw, err := os.ReadFile(filepath.Join(folder, acknowledgedFile))
	return a, err == nil && json.Unmarshal(raw, &a) == nil
}

// writeMark replaces the mark atomically and durably.
func writeMark(folder string, a acknowledged) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, acknowledgedFile), append(raw, '\n'))
}

// mark writes what has been acknowledged. If the disk refuses it, a later mark
// follows. Until then the mark is older, which loses nothing.
func (s *Store) mark() {
	if s.sequence == s.marked {
		return
	}
	a := acknowledged{Sequence: s.sequence, Documents: s.state.Load().documents, At: time.Now().UTC()}
	if writeMark(s.folder, a) == nil {
		s.marked = s.sequence
	}
}

// readSequence returns the number of the last write in the database.
func readSequence(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'sequence'").Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// checkMark returns an error if the database is behind its mark.
func (s *Store) checkMark(ctx context.Context) (err error) {
	if s.sequence, err = readSequence(ctx, s.database.main); err != nil {
		return err
	}
	a, found := readMark(s.folder)
	s.marked = a.Sequence
	if !found || s.sequence >= a.Sequence {
		return nil
	}
	var documents int
	if err := s.database.main.QueryRowContext(ctx, "SELECT count(*) FROM document").Scan(&documents); err != nil {
		return err
	}
	return lostError(s.database.path, a, s.sequence, documents)
}

// lostError is the error of a database that is behind its mark.
func lostError(path string, a acknowledged, sequence int64, documents int) error {
	return corpus.Errorf(corpus.ErrCorrupt, "writes that were acknowledged are missing: the database ends at write %d with %d documents, "+
		"but write %d was acknowledged at %s, when there were %d. Most likely the file %s-wal was removed, cut short or not copied. "+
		"Put it back or restore a backup; to continue without these writes run \"dalil doctor --repair --accept-loss\"",
		sequence, documents, a.Sequence, a.At.Format(time.RFC3339), a.Documents, filepath.Base(path))
}

// AcceptLoss sets the mark of the current collection to the state of its database.
// It returns a description of the missing writes, or "" if there are none.
func AcceptLoss(ctx context.Context, dir string) (lost string, err error) {
	held, err := acquire(dir, toWrite)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	name, err := currentName(dir)
	if err != nil || name == "" {
		return "", err
	}
	folder := filepath.Join(dir, name)
	path := filepath.Join(folder, databaseName)
	sequence, documents, err := readExtent(ctx, path)
	if err != nil {
		return "", asError("read", path, err)
	}
	a, found := readMark(folder)
	if !found || sequence >= a.Sequence {
		return "", nil
	}
	if err := writeMark(folder, acknowledged{Sequence: sequence, Documents: documents, At: time.Now().UTC()}); err != nil {
		return "", folderError("write file", filepath.Join(folder, acknowledgedFile), err)
	}
	return fmt.Sprintf("%d writes; there are %d documents, and there were %d after the last write that was acknowledged",
		a.Sequence-sequence, documents, a.Documents), nil
}

func readExtent(ctx context.Context, path string) (sequence int64, documents int, err error) {
	pool, err := sql.Open("sqlite", readAddress(path, false))
	if err != nil {
		return 0, 0, err
	}
	defer pool.Close()
	if _, err := checkSchema(ctx, pool); err != nil {
		return 0, 0, err
	}
	if sequence, err = readSequence(ctx, pool); err != nil {
		return 0, 0, err
	}
	err = pool.QueryRowContext(ctx, "SELECT count(*) FROM document").Scan(&documents)
	return sequence, documents, err
}

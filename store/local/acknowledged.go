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

// acknowledgedFile is the high-water mark of a collection: the last write that
// was acknowledged, outside SQLite. SQLite cannot see that its log was removed
// or cut short; it opens the state before. The mark shows that.
const acknowledgedFile = "acknowledged.json"

// markEvery is how far the mark may be behind.
const markEvery = time.Second

// acknowledged is the content of the mark.
type acknowledged struct {
	Sequence  int64     `json:"sequence"`  // of the last write, counted from 1
	Documents int       `json:"documents"` // held after it
	At        time.Time `json:"at"`
}

// readMark returns false where there is no mark that can be read: a collection
// of an older version has none.
func readMark(folder string) (a acknowledged, found bool) {
	raw, err := os.ReadFile(filepath.Join(folder, acknowledgedFile))
	return a, err == nil && json.Unmarshal(raw, &a) == nil
}

// writeMark replaces the mark in one step that survives a crash.
func writeMark(folder string, a acknowledged) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, acknowledgedFile), append(raw, '\n'))
}

// mark notes what has been acknowledged. A disk that takes no mark takes one
// later: until then the mark is behind, which loses nothing.
func (s *Store) mark() {
	if s.sequence == s.marked {
		return
	}
	a := acknowledged{Sequence: s.sequence, Documents: s.state.Load().documents, At: time.Now().UTC()}
	if writeMark(s.folder, a) == nil {
		s.marked = s.sequence
	}
}

// readSequence returns the number of the last write that the database holds.
func readSequence(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'sequence'").Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// checkMark refuses a database that is behind its mark.
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

// lostError says how far a database is behind its mark.
func lostError(path string, a acknowledged, sequence int64, documents int) error {
	return corpus.Errorf(corpus.ErrCorrupt, "writes that were acknowledged are missing: the database ends at write %d with %d documents, "+
		"but write %d was acknowledged at %s, when there were %d. Most likely the file %s-wal was removed, cut short or not copied. "+
		"Put it back or restore a backup; to go on without these writes run \"dalil doctor --repair --accept-loss\"",
		sequence, documents, a.Sequence, a.At.Format(time.RFC3339), a.Documents, filepath.Base(path))
}

// AcceptLoss makes what the current collection of a data folder holds count as
// all that was acknowledged. It returns what is missing, or "" where nothing is.
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
	return fmt.Sprintf("%d writes; %d documents are held, %d were held after the last write that was acknowledged",
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

package local

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// held is the current version of a document that is written or deleted.
type held struct {
	etag    string // "": it does not exist, or has expired
	version *int64 // also set for a deleted document
	there   bool
	expired bool
}

// check returns why a write is refused, or nil.
func (h *held) check(id string, condition corpus.Condition, version *int64) error {
	if err := corpus.CheckVersion(id, version, h.version); err != nil {
		return err
	}
	return condition.Check(id, h.etag)
}

// lookUp reads the current version in the writer's transaction.
func (w *writer) lookUp(id string, now time.Time) (h held, err error) {
	fingerprint, d, err := scanHeld(w.held, id)
	switch {
	case err == nil:
		h.there, h.expired, h.version = true, d.Expired(now), d.SourceVersion
		if !h.expired {
			h.etag = store.Content(fingerprint)
		}
		return h, nil
	case !errors.Is(err, sql.ErrNoRows):
		return h, err
	}
	h.version, err = scanVersion(w.version, id)
	return h, err
}

// scanHeld reads the fingerprint and the fields of a document.
func scanHeld(statement *sql.Stmt, id string) (fingerprint string, d corpus.Document, err error) {
	var fields []byte
	if err := statement.QueryRow([]byte(id)).Scan(&fingerprint, &fields); err != nil {
		return "", d, err
	}
	d, err = decodeDocument(id, fields)
	return fingerprint, d, err
}

// scanVersion reads the source version of a deleted document, or nil if it has none.
func scanVersion(statement *sql.Stmt, id string) (*int64, error) {
	var version int64
	switch err := statement.QueryRow([]byte(id)).Scan(&version); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &version, nil
}

// remember stores the source version of a document that is being deleted.
func (w *writer) remember(id string, version int64, now time.Time) error {
	if _, err := w.keepVersion.Exec([]byte(id), version, now.UnixMicro()); err != nil {
		return err
	}
	if now.Sub(w.forgot) < forgetEvery {
		return nil
	}
	w.forgot = now
	_, err := w.forgetOld.Exec(now.Add(-store.VersionsKept).UnixMicro())
	return err
}

// forgetEvery is how often the versions of documents that were deleted long ago are removed.
const forgetEvery = time.Hour

// Versions returns the source versions of existing and deleted documents.
func (s *Store) Versions(ctx context.Context, ids []string) (map[string]int64, error) {
	versions := map[string]int64{}
	err := s.read(ctx, "read source versions", func(r *reading) error {
		for _, id := range ids {
			_, d, err := scanHeld(r.fingerprint, id)
			version := d.SourceVersion
			if errors.Is(err, sql.ErrNoRows) {
				version, err = scanVersion(r.version, id)
			}
			if err = errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			if version != nil {
				versions[id] = *version
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return versions, nil
}

package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"dalil/corpus"
)

// manyIDs is how many ids one statement looks up. The ids of fewer than fewIDs documents
// are not looked up before these are written.
const (
	manyIDs = 128
	fewIDs  = 8
)

// touchedQuery finds those of manyIDs ids that are of a document, or of a deleted one whose
// version is kept.
func touchedQuery() string {
	in := inIDs()
	return "SELECT id FROM document" + in + " UNION ALL SELECT id FROM gone" + in
}

// inIDs is the condition that the id of a row is one of manyIDs.
func inIDs() string {
	places := make([]string, manyIDs)
	for i := range places {
		places[i] = fmt.Sprintf("?%d", i+1)
	}
	return " WHERE id IN (" + strings.Join(places, ",") + ")"
}

// touched has the ids of which a transaction must remove something before it writes a
// document, so that it need not try for each new document. Nil: they are not known.
type touched map[string]bool

// may reports whether something may be there of an id.
func (t touched) may(id string) bool { return t == nil || t[id] }

// add notes that the transaction wrote something of an id.
func (t touched) add(id string) {
	if t != nil {
		t[id] = true
	}
}

// lookUpMany looks up the ids of the documents of requests.
func (w *writer) lookUpMany(batch []*request) (touched, error) {
	n := 0
	for _, r := range batch {
		n += len(r.entries)
	}
	if n < fewIDs {
		return nil, nil
	}
	found := touched{}
	ids := make([]any, 0, manyIDs)
	look := func() error {
		for len(ids) < manyIDs {
			ids = append(ids, nil)
		}
		rows, err := w.touched.Query(ids...)
		if err != nil {
			return err
		}
		defer rows.Close()
		ids = ids[:0]
		for rows.Next() {
			var id []byte
			if err := rows.Scan(&id); err != nil {
				return err
			}
			found[string(id)] = true
		}
		return rows.Err()
	}
	for _, r := range batch {
		for _, p := range r.entries {
			if ids = append(ids, []byte(p.record.document.ID)); len(ids) == manyIDs {
				if err := look(); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(ids) == 0 {
		return found, nil
	}
	return found, look()
}

// eachFingerprint calls do with the fingerprint and the fields of each document of ids that
// is there.
func (r *reading) eachFingerprint(ctx context.Context, ids []string, do func(id, fingerprint string, d *corpus.Document)) error {
	for ; len(ids) >= fewIDs; ids = ids[min(manyIDs, len(ids)):] {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.someFingerprints(ids[:min(manyIDs, len(ids))], do); err != nil {
			return err
		}
	}
	for _, id := range ids {
		fingerprint, d, err := scanHeld(r.fingerprint, id)
		switch {
		case err == nil:
			do(id, fingerprint, &d)
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// someFingerprints is eachFingerprint of at most manyIDs ids, with one statement.
func (r *reading) someFingerprints(ids []string, do func(id, fingerprint string, d *corpus.Document)) error {
	arguments := make([]any, manyIDs) // those that are left over are NULL, and no id
	for i, id := range ids {
		arguments[i] = []byte(id)
	}
	rows, err := r.fingerprints.Query(arguments...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, fingerprint string
		var fields sql.RawBytes
		if err := rows.Scan(&id, &fingerprint, &fields); err != nil {
			return err
		}
		d, err := decodeDocument(id, fields)
		if err != nil {
			return err
		}
		do(id, fingerprint, &d)
	}
	return rows.Err()
}

package local

import (
	"fmt"
	"strings"
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
	places := make([]string, manyIDs)
	for i := range places {
		places[i] = fmt.Sprintf("?%d", i+1)
	}
	in := " WHERE id IN (" + strings.Join(places, ",") + ")"
	return "SELECT id FROM document" + in + " UNION ALL SELECT id FROM gone" + in
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

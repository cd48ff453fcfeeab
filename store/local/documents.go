package local

import (
	"database/sql"

	"github.com/maypok86/otter/v2"

	"dalil/corpus"
	"dalil/store"
)

// documentCache keeps the documents of recent results, by key. A key always means
// the same version of a document, so an entry never becomes invalid.
type documentCache = otter.Cache[int64, *corpus.Document]

// cachedDocuments is the largest number of cached documents.
const cachedDocuments = 3072

func newDocumentCache() *documentCache {
	return otter.Must(&otter.Options[int64, *corpus.Document]{
		MaximumSize: cachedDocuments,
		// In the caller's goroutine, because nothing would wait for another one.
		Executor: func(maintain func()) { maintain() },
	})
}

// document returns the caller's own copy.
func (s *Store) document(r *reading, at *located) (*corpus.Document, error) {
	if d, known := s.documents.GetIfPresent(at.key); known {
		return copied(d), nil
	}
	var raw []byte
	var fingerprint string
	if err := r.fields.QueryRow(at.key).Scan(&raw, &fingerprint); err != nil {
		return nil, err
	}
	d, err := s.decoded(at, raw, fingerprint)
	if err != nil {
		return nil, err
	}
	return copied(d), nil
}

// documentsOf fills in copies of the documents of up to places passages. It reads those
// that are not cached in one statement. A document that is gone stays nil.
func (s *Store) documentsOf(r *reading, found []located, documents []*corpus.Document) error {
	var missing []any
	for i := range found {
		if d, known := s.documents.GetIfPresent(found[i].key); known {
			documents[i] = copied(d)
		} else {
			missing = append(missing, found[i].key)
		}
	}
	if len(missing) < fewPlaces {
		return nil // each is read alone
	}
	for len(missing) < places {
		missing = append(missing, missing[0])
	}
	rows, err := r.manyFields.Query(missing...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var raw sql.RawBytes
		var fingerprint string
		if err := rows.Scan(&key, &raw, &fingerprint); err != nil {
			return err
		}
		var d *corpus.Document
		for i := range found {
			if found[i].key != key {
				continue
			}
			if d == nil {
				if d, err = s.decoded(&found[i], raw, fingerprint); err != nil {
					return err
				}
			}
			documents[i] = copied(d)
		}
	}
	return rows.Err()
}

// decoded decodes a document and caches it.
func (s *Store) decoded(at *located, raw []byte, fingerprint string) (*corpus.Document, error) {
	d, err := decodeDocument(at.document, raw)
	if err != nil {
		return nil, err
	}
	d.ETag = store.Content(fingerprint)
	s.documents.Set(at.key, &d)
	return &d, nil
}

func copied(d *corpus.Document) *corpus.Document {
	c := d.Clone()
	return &c
}

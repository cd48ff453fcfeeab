package local

import (
	"database/sql"

	"dalil/corpus"
	"dalil/store"
)

// document reads the document of a passage.
func (s *Store) document(r *reading, at *located) (*corpus.Document, error) {
	var raw []byte
	var fingerprint string
	if err := r.fields.QueryRow(at.key).Scan(&raw, &fingerprint); err != nil {
		return nil, err
	}
	return decoded(at, raw, fingerprint)
}

// documentsOf fills in the documents of up to places passages, each with its own copy. It reads them in one
// statement. A document that is gone stays nil.
func (s *Store) documentsOf(r *reading, found []located, documents []*corpus.Document) error {
	if len(found) < fewPlaces {
		return nil // each is read alone
	}
	var keys [places]any
	for i := range keys {
		keys[i] = found[min(i, len(found)-1)].key
	}
	rows, err := r.manyFields.Query(keys[:]...)
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
		for i := range found {
			if found[i].key != key {
				continue
			}
			if documents[i], err = decoded(&found[i], raw, fingerprint); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

func decoded(at *located, raw []byte, fingerprint string) (*corpus.Document, error) {
	d, err := decodeDocument(at.document, raw)
	if err != nil {
		return nil, err
	}
	d.ETag = store.Content(fingerprint)
	return &d, nil
}

package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"time"

	"dalil/corpus"
	"dalil/store"
)

var _ store.Marker = (*Store)(nil)

// Mark returns the number of the last write that searches use, with the identity of the
// database.
func (s *Store) Mark() corpus.Mark {
	if s.settings.Load() == nil {
		return corpus.Mark{}
	}
	return corpus.Mark{Collection: s.identity, Sequence: s.visible.Load()}
}

// identify reads the identity of the database. A database gets a random one when it is first
// opened for writing, so that marks of another database, such as that of a restored backup,
// are recognised. A database without one that is open for reading is identified by the time
// of its creation.
func (s *Store) identify(ctx context.Context) error {
	s.visible.Store(s.sequence)
	var raw []byte
	err := s.database.main.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'identity'").Scan(&raw)
	switch {
	case err == nil:
	case !errors.Is(err, sql.ErrNoRows):
		return err
	case s.options.ReadOnly:
		created := time.Time{}
		if settings := s.settings.Load(); settings != nil {
			created = settings.CreatedAt
		}
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.name), uint64(created.UnixNano())))
		raw = sum[:]
	default:
		raw = make([]byte, len(s.identity))
		if _, err := rand.Read(raw); err != nil {
			return err
		}
		if _, err := s.database.main.ExecContext(ctx, "INSERT INTO setting (key, value) VALUES ('identity', ?)", raw); err != nil {
			return err
		}
	}
	copy(s.identity[:], raw)
	return nil
}

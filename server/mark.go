package server

import (
	"encoding/binary"

	"dalil/corpus"
)

// An index token is sealed like a page token: eight bytes for the collection, and the number
// of the write. Clients must not read it, so later versions may have another form.

// sealMark returns the token of a mark, or "" for the zero mark.
func sealMark(m corpus.Mark) string {
	if m.IsZero() {
		return ""
	}
	return seal(indexToken, binary.AppendUvarint(m.Collection[:], uint64(m.Sequence)), nil)
}

// openMark returns the mark of a token; that of "" is zero. field is the token's name in the
// request.
func openMark(field, token string) (m corpus.Mark, err error) {
	if token == "" {
		return m, nil
	}
	place, err := open(indexToken, token, nil)
	if err == nil && len(place) > len(m.Collection) {
		n, size := binary.Uvarint(place[len(m.Collection):])
		if size == len(place)-len(m.Collection) && n < 1<<62 {
			copy(m.Collection[:], place)
			m.Sequence = int64(n)
			return m, nil
		}
	}
	return corpus.Mark{}, corpus.Invalid(field, "is not an index token of a receipt or of an answer")
}

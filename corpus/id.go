package corpus

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// ChunkID is a UUID of version 8 (RFC 9562 §5.8), so every store can hold it as
// its native identifier. Beside the 6 fixed bits it has three fields:
//
//	66 bits of a hash of the document's id
//	36 bits of a hash of the document's id and revision
//	20 bits of the ordinal
//
// So the chunks of a document lie side by side in reading order, whoever holds
// the id of one can name the document's own key without asking a store, and
// whether an id is of a given revision can be computed. Two of a thousand million
// documents share a key with a chance of 0.7 %.
type ChunkID [16]byte

// MaxChunks is how many chunks a document can have.
const MaxChunks = 1<<20 - 1

// namespace is the UUID under which chunk ids are derived; changing it changes
// every id of every collection.
var namespace = [16]byte{0x6b, 0x1d, 0x5e, 0x0a, 0x3c, 0x52, 0x4f, 0x8e, 0x9d, 0x0f, 0xda, 0x11, 0x1d, 0xa1, 0x11, 0x01}

// NewChunkID derives the id of a chunk. The same document id, revision and
// ordinal give the same id in every process, so writes can be repeated and a
// passage's neighbours can be named without asking the store.
func NewChunkID(documentID, revision string, ordinal int) ChunkID {
	id := DocumentKey(documentID)
	r := derive(documentID, revision)
	copy(id[9:13], r[:4])
	id[13] = r[4]&0xf0 | byte(ordinal>>16)&0x0f
	id[14], id[15] = byte(ordinal>>8), byte(ordinal)
	return id
}

// DocumentKey names a document in the space of chunk ids. It is the id of no
// chunk.
func DocumentKey(documentID string) ChunkID {
	var id ChunkID
	h := derive(documentID)
	copy(id[:9], h[:9])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	for i := 9; i < len(id); i++ {
		id[i] = 0xff
	}
	return id
}

// Document is the key of the document that the chunk is of.
func (id ChunkID) Document() ChunkID {
	for i := 9; i < len(id); i++ {
		id[i] = 0xff
	}
	return id
}

// Ordinal is the chunk's place in its document.
func (id ChunkID) Ordinal() int { return int(id[13]&0x0f)<<16 | int(id[14])<<8 | int(id[15]) }

// First is the id of the first chunk of the same document and revision.
func (id ChunkID) First() ChunkID {
	id[13] &= 0xf0
	id[14], id[15] = 0, 0
	return id
}

// derive hashes the parts with SHA-1, as UUIDs of version 5 do.
func derive(parts ...string) (sum [sha1.Size]byte) {
	h := sha1.New()
	h.Write(namespace[:])
	var n [8]byte
	for _, s := range parts { // lengths keep ("a", "bc") and ("ab", "c") apart
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	h.Sum(sum[:0])
	return sum
}

// ParseChunkID reads the 36-letter form that [ChunkID.String] prints.
func ParseChunkID(s string) (ChunkID, error) {
	var id ChunkID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, Invalid("chunk_id", fmt.Sprintf("%q is not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", clip(s)))
	}
	var digits [32]byte
	copy(digits[:8], s)
	copy(digits[8:12], s[9:])
	copy(digits[12:16], s[14:])
	copy(digits[16:20], s[19:])
	copy(digits[20:], s[24:])
	if _, err := hex.Decode(id[:], digits[:]); err != nil {
		return ChunkID{}, Invalid("chunk_id", fmt.Sprintf("%q is not a UUID: it has other letters than 0 to 9 and a to f", s))
	}
	return id, nil
}

func (id ChunkID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], id[0:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:36], id[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// Compare orders ids by their bytes; it is how ties break everywhere.
func (id ChunkID) Compare(other ChunkID) int { return bytes.Compare(id[:], other[:]) }

// clip shortens a caller's string before it is quoted in an error.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

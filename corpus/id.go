package corpus

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// ChunkID is a UUID of version 8 (RFC 9562 §5.8), so every store can use it as its
// native identifier. In addition to the 6 fixed bits it has three fields:
//
//	66 bits of a hash of the document's id
//	36 bits of a hash of the document's id and revision
//	20 bits of the ordinal
//
// So the ids of a document's chunks are next to each other in reading order. From
// one of them, the document's key can be computed without a store, and also whether
// the id belongs to a given revision. Among a thousand million documents, the
// probability that two share a key is 0.7 %.
type ChunkID [16]byte

// MaxChunks is the largest number of chunks of a document.
const MaxChunks = 1<<20 - 1

// namespace is the UUID from which chunk ids are derived. Changing it changes every
// id of every collection.
var namespace = [16]byte{0x6b, 0x1d, 0x5e, 0x0a, 0x3c, 0x52, 0x4f, 0x8e, 0x9d, 0x0f, 0xda, 0x11, 0x1d, 0xa1, 0x11, 0x01}

// NewChunkID returns the id of a chunk. The same document id, revision and ordinal
// give the same id in every process, so writes can be repeated. In a store the document
// id is the document's key (see [TenantKey]), so the ids of two tenants differ. The ids
// of a passage's neighbours are computed with [ChunkID.At].
func NewChunkID(documentID, revision string, ordinal int) ChunkID {
	id := DocumentKey(documentID)
	r := derive(documentID, revision)
	copy(id[9:13], r[:4])
	id[13] = r[4]&0xf0 | byte(ordinal>>16)&0x0f
	id[14], id[15] = byte(ordinal>>8), byte(ordinal)
	return id
}

// DocumentKey returns the key of a document, which has the form of a chunk id but
// is not the id of any chunk.
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

// Document returns the key of the chunk's document.
func (id ChunkID) Document() ChunkID {
	for i := 9; i < len(id); i++ {
		id[i] = 0xff
	}
	return id
}

// Ordinal returns the chunk's position in its document.
func (id ChunkID) Ordinal() int { return int(id[13]&0x0f)<<16 | int(id[14])<<8 | int(id[15]) }

// At returns the id of another chunk of the same document and revision.
func (id ChunkID) At(ordinal int) ChunkID {
	id[13] = id[13]&0xf0 | byte(ordinal>>16)&0x0f
	id[14], id[15] = byte(ordinal>>8), byte(ordinal)
	return id
}

// First returns the id of the first chunk of the same document and revision.
func (id ChunkID) First() ChunkID { return id.At(0) }

// derive hashes the parts with SHA-1, as UUIDs of version 5 do.
func derive(parts ...string) (sum [sha1.Size]byte) {
	h := sha1.New()
	h.Write(namespace[:])
	var n [8]byte
	for _, s := range parts { // the lengths distinguish ("a", "bc") from ("ab", "c")
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	h.Sum(sum[:0])
	return sum
}

// ParseChunkID parses the form with 36 characters that [ChunkID.String] returns.
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
		return ChunkID{}, Invalid("chunk_id", fmt.Sprintf("%q is not a UUID: it has characters other than 0 to 9 and a to f", s))
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

// Compare orders ids by their bytes. Equal scores are ordered by it everywhere.
func (id ChunkID) Compare(other ChunkID) int { return bytes.Compare(id[:], other[:]) }

// clip shortens a string of a caller, so that an error can quote it.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

package corpus

import "time"

// DocumentInfo describes a document in the index.
type DocumentInfo struct {
	Document  Document // with Text only if it was requested
	Revision  string   // revision of its text, from which the chunk ids are derived
	Chunks    int
	First     ChunkID // of its first chunk; that of the others is First.At
	UpdatedAt time.Time
	Expired   bool // it has expired and is being removed
}

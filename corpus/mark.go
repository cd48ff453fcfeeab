package corpus

// Mark names a state of an index: that after a certain write and all writes before it. The
// zero Mark is that of an index without a collection.
type Mark struct {
	Collection [8]byte // identity of the collection
	Sequence   int64   // number of the write; 0 if the collection shows every acknowledged write at once
}

// IsZero reports whether m is the zero Mark.
func (m Mark) IsZero() bool { return m == Mark{} }

package corpus

import "time"

// DocumentInfo is a document as an index holds it.
type DocumentInfo struct {
	Document  Document // with Text only where it was asked for
	Revision  string   // of its text; chunk ids follow from it
	Chunks    int
	UpdatedAt time.Time
	Expired   bool // it is not found any more, and is being removed
}

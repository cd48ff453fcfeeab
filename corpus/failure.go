package corpus

import "time"

// DocumentFailure is a document that could not be written.
type DocumentFailure struct {
	DocumentID  string
	By          string // the credential that tried, if it does not see all documents of the tenant; empty: another one
	Source      string // where it came from; empty: unknown
	Reason      string // as on the wire, such as "EXHAUSTED"
	Message     string // for people
	Retryable   bool   // writing the same document again may succeed
	Tries       int    // in a row
	First, Last time.Time
}

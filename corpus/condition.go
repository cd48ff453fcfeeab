package corpus

import (
	"fmt"
	"time"
)

// AnyETag, as the ETag of a condition, matches every existing document.
const AnyETag = "*"

// Condition must hold for a write. It is checked atomically with the write. The
// zero value always holds. An expired document counts as missing.
type Condition struct {
	ETag   string // the document exists with this etag; AnyETag: with any etag; "": no condition
	Absent bool   // the document does not exist
}

// IsZero reports whether the condition always holds.
func (c Condition) IsZero() bool { return c == Condition{} }

// Check returns an [ErrConflict] if the condition does not hold for a document with
// the given etag. The etag "" means that the document does not exist.
func (c Condition) Check(documentID, etag string) error {
	switch {
	case c.Absent && etag != "":
		return c.unmet(documentID, "it exists with etag "+etag)
	case c.ETag == AnyETag && etag == "":
		return c.unmet(documentID, "it does not exist")
	case c.ETag != "" && c.ETag != AnyETag && etag == "":
		return c.unmet(documentID, fmt.Sprintf("it does not exist, and if_match names the etag %q", clip(c.ETag)))
	case c.ETag != "" && c.ETag != AnyETag && c.ETag != etag:
		return c.unmet(documentID, fmt.Sprintf("its etag is %s, and if_match names %q", etag, clip(c.ETag)))
	}
	return nil
}

func (c Condition) unmet(documentID, why string) error {
	return &ConditionError{DocumentID: documentID, Reason: why}
}

// Deletion is a document to delete.
type Deletion struct {
	ID string
	// If is what must hold for the deletion.
	If Condition
	// SourceVersion orders the deletion among the writes of the document; nil: it is
	// unknown, and the version that the document has is remembered.
	SourceVersion *int64
	// Expired deletes the document only if it has expired.
	Expired bool
}

// ConditionError is the error of a write whose [Condition] does not hold. Nothing
// was written. Callers may read its text. It matches [ErrConflict].
type ConditionError struct{ DocumentID, Reason string }

func (e *ConditionError) Error() string {
	return fmt.Sprintf("document %q is not as the write expects: %s; read the document again before you repeat the write", e.DocumentID, e.Reason)
}

// Is reports that every ConditionError is an [ErrConflict].
func (e *ConditionError) Is(target error) bool { return target == ErrConflict }

// StaleError is the error of a write with an older source version than the current
// one. Nothing was written. It matches [ErrStale].
type StaleError struct {
	DocumentID string
	Held       int64 // also that of a deleted document
	Got        int64
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("document %q: source version %d is older than %d, which was written before", e.DocumentID, e.Got, e.Held)
}

// Is reports that every StaleError is an [ErrStale].
func (e *StaleError) Is(target error) bool { return target == ErrStale }

// CheckVersion returns a [StaleError] if a write's source version is older than the
// current one. A nil version is unknown and causes no error.
func CheckVersion(documentID string, got, held *int64) error {
	if got != nil && held != nil && *got < *held {
		return &StaleError{DocumentID: documentID, Held: *held, Got: *got}
	}
	return nil
}

// Expired reports whether the document has expired at a time.
func (d *Document) Expired(now time.Time) bool {
	return !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt)
}

// Visible reports whether the document can be found at a time.
func (d *Document) Visible(now time.Time) bool {
	return !d.Expired(now) && !now.Before(d.VisibleFrom)
}

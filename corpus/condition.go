package corpus

import (
	"fmt"
	"time"
)

// AnyETag as a condition's ETag holds for every document that is there.
const AnyETag = "*"

// Condition is what must hold for a write, checked in one step with it. The zero
// value always holds. A document that has expired counts as not there.
type Condition struct {
	ETag   string // the document is there with this etag; AnyETag: with any; "": no condition
	Absent bool   // the document is not there
}

// IsZero reports whether the condition always holds.
func (c Condition) IsZero() bool { return c == Condition{} }

// Check returns an [ErrConflict] where the condition does not hold for a document
// with an etag; "" for one that is not there.
func (c Condition) Check(documentID, etag string) error {
	switch {
	case c.Absent && etag != "":
		return c.unmet(documentID, "it is there, with etag "+etag)
	case c.ETag == AnyETag && etag == "":
		return c.unmet(documentID, "it is not there")
	case c.ETag != "" && c.ETag != AnyETag && etag == "":
		return c.unmet(documentID, fmt.Sprintf("it is not there, and if_match names the etag %q", clip(c.ETag)))
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

// ConditionError is a write whose [Condition] does not hold; nothing was written. It
// may be shown to the caller. It matches [ErrConflict].
type ConditionError struct{ DocumentID, Reason string }

func (e *ConditionError) Error() string {
	return fmt.Sprintf("document %q is not as the write expects it: %s; read it again, and decide anew", e.DocumentID, e.Reason)
}

// Is reports that every ConditionError is an [ErrConflict].
func (e *ConditionError) Is(target error) bool { return target == ErrConflict }

// StaleError is a write with an older source version than the one that is held;
// nothing was written. It matches [ErrStale].
type StaleError struct {
	DocumentID string
	Held       int64 // also of a document that was deleted
	Got        int64
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("document %q: source version %d is older than %d, which was written before", e.DocumentID, e.Got, e.Held)
}

// Is reports that every StaleError is an [ErrStale].
func (e *StaleError) Is(target error) bool { return target == ErrStale }

// CheckVersion returns a [StaleError] where a write's source version is older than
// the one held. Nil versions are unknown, and nothing is older than they are.
func CheckVersion(documentID string, got, held *int64) error {
	if got != nil && held != nil && *got < *held {
		return &StaleError{DocumentID: documentID, Held: *held, Got: *got}
	}
	return nil
}

// Expired reports whether the document is over at a time.
func (d *Document) Expired(now time.Time) bool {
	return !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt)
}

// Visible reports whether the document may be found at a time.
func (d *Document) Visible(now time.Time) bool {
	return !d.Expired(now) && !now.Before(d.VisibleFrom)
}

package store

import (
	"context"
	"time"
)

// Carrier is a store that can receive documents of another collection while both
// are written to. Fallback: Put and Delete are used, and documents that are written
// to the target meanwhile may be overwritten.
type Carrier interface {
	// Carry writes each entry with the time of its write in the source. If the target's
	// version has the same time or a later one, it stays, unless its time is Over. That
	// is not an error.
	Carry(ctx context.Context, entries []Carried) error
	// DeleteCarried deletes each document, unless the target's version has the same
	// time or a later one. A version with the time Over is deleted too.
	DeleteCarried(ctx context.Context, documents []Dropped) error
}

// Carried is a document that is carried from one collection to another.
type Carried struct {
	Entry
	At   time.Time // when it was written to the source
	Over time.Time // time of the version in the target that it may replace although that is newer; zero: none
}

// Dropped is a document that the source no longer has.
type Dropped struct {
	ID   string
	At   time.Time // when it was deleted from the source; zero: unknown
	Over time.Time // time of the version in the target that is deleted in any case; zero: none
}

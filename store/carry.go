package store

import (
	"context"
	"time"
)

// Carrier is a store that takes documents over from another collection while both
// are written to. Where a store is none, Put and Delete serve, and what is written
// to the target meanwhile may be overwritten.
type Carrier interface {
	// Carry writes each entry with the time of its write in the source. What the
	// target holds with the same time or a later one stays, which is not an error, unless
	// that is of the time Over.
	Carry(ctx context.Context, entries []Carried) error
	// DeleteCarried removes each document unless the target holds it with the same
	// time or a later one; what is of the time Over is removed too.
	DeleteCarried(ctx context.Context, documents []Dropped) error
}

// Carried is a document on its way from one collection to another.
type Carried struct {
	Entry
	At   time.Time // of its write in the source
	Over time.Time // of the document in the target that it may replace although that is newer; zero: none
}

// Dropped is a document that the source does not hold any more.
type Dropped struct {
	ID   string
	At   time.Time // of its deletion in the source; zero: not known
	Over time.Time // of the document in the target that goes with it whatever its time; zero: none
}

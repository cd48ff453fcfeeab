package corpus

import (
	"cmp"
	"time"
)

// DocumentOrder is an order of documents.
type DocumentOrder uint8

// The orders.
const (
	ByID        DocumentOrder = iota // bytes of the id
	ByPublished                      // time of publication; documents without one come last in both directions
	ByUpdated                        // time of the last write
)

// Listing is a request for one page of a list of documents.
type Listing struct {
	Filter     Filter
	Order      DocumentOrder
	Descending bool   // the order is reversed, also that of documents with equal times
	After      *Place // the last document of the page before; nil: the first page
	Limit      int    // above 0
	Total      bool   // also count the documents of all pages
}

// Place is the place of a document in an order.
type Place struct {
	ID string
	At time.Time // in an order of times; zero: the document has none
}

// Listed is one page of a list.
type Listed struct {
	Documents []DocumentInfo
	Total     int // of all pages, if it was requested
}

// PlaceOf returns the place of a document in the order of l.
func (l *Listing) PlaceOf(d *DocumentInfo) Place {
	switch l.Order {
	case ByPublished:
		return Place{d.Document.ID, d.Document.PublishedAt}
	case ByUpdated:
		return Place{d.Document.ID, d.UpdatedAt}
	}
	return Place{ID: d.Document.ID}
}

// Compare orders two places as the list does.
func (l *Listing) Compare(a, b Place) int {
	if a.At.IsZero() != b.At.IsZero() {
		if a.At.IsZero() {
			return 1
		}
		return -1
	}
	order := cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	if l.Descending {
		return -order
	}
	return order
}

// Erased says what the deletion of many documents did.
type Erased struct {
	Matched int
	Deleted int
	Sample  []string // the first ids that matched, at most ErasedSample
}

// ErasedSample is the largest number of ids in Erased.
const ErasedSample = 20

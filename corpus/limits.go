package corpus

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds that hold whatever a server allows.
const (
	MaxIDBytes       = 512      // of a document's id
	MaxDocumentBytes = 16 << 20 // of one document as it arrives: a file, a record of a JSON Lines file, the body of a request
	MaxMetadataBytes = 64 << 10 // of a document's fields beside its id and text
	MaxNeighbours    = 5        // on each side of a passage
	MaxEffort        = 10_000   // of an approximate search
	MaxFusionK       = 1000     // of reciprocal rank fusion
)

// Outside is the violation of a field that is not within its limit: "1 to 100".
func Outside(field, limit, got string) Violation {
	return Violation{Field: field, Description: fmt.Sprintf("must be %s, is %s", limit, got), Limit: limit, Got: got}
}

// TooLong is the violation of a field of n bytes that may have fewer.
func TooLong(field string, n, most int) Violation {
	return Violation{
		Field: field, Description: fmt.Sprintf("must be at most %d bytes, has %d", most, n), Limit: fmt.Sprint(most), Got: fmt.Sprint(n),
	}
}

// TooMuchMetadata is the violation of a document whose fields beside its id and its
// text or body have n bytes together, see [Document.MetadataBytes].
func TooMuchMetadata(field string, n, most int) Violation {
	v := TooLong(field, n, most)
	v.Description = fmt.Sprintf("its fields other than text and body must have at most %d bytes, have %d", most, n)
	return v
}

// IDViolations returns what is wrong with a document's id of at most so many bytes:
// it is empty, too long, not UTF-8, or holds a control character. None where all is
// well, one otherwise.
func IDViolations(field, id string, most int) []Violation {
	switch {
	case id == "":
		return []Violation{{Field: field, Description: "is empty"}}
	case len(id) > most:
		return []Violation{TooLong(field, len(id), most)}
	case !utf8.ValidString(id):
		return []Violation{{Field: field, Description: "is not valid UTF-8"}}
	}
	if at := strings.IndexFunc(id, unicode.IsControl); at >= 0 {
		r, _ := utf8.DecodeRuneInString(id[at:])
		return []Violation{{Field: field, Description: fmt.Sprintf("holds the control character %U", r)}}
	}
	return nil
}

// DuplicateID is the error of the second of two documents of one run with one id,
// by their sources.
func DuplicateID(id, first, second string) error {
	return Invalid("id", fmt.Sprintf("%q is the id of both %s and %s", id, first, second))
}

// IDF is the inverse document frequency of what so many of all passages hold:
// ln(1 + (N−n+½)/(n+½)), that of Robertson and Zaragoza (2009) with the 1+ that keeps
// it positive. Where more hold it than there are, it is that of all.
func IDF[N int | float64](passages, holding N) float64 {
	all, n := float64(passages), float64(holding)
	return math.Log(1 + (max(all, n)-n+0.5)/(n+0.5))
}

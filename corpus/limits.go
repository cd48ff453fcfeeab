package corpus

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits that apply in addition to those of a server.
const (
	MaxIDBytes       = 512      // of a document's id
	MaxDocumentBytes = 16 << 20 // bytes of one document in its original form: a file, a record of a JSON Lines file, the body of a request
	MaxMetadataBytes = 64 << 10 // bytes of a document's fields other than id and text
	MaxNeighbours    = 5        // number of neighbours on each side of a passage
	MaxEffort        = 10_000   // of an approximate search
	MaxFusionK       = 1000     // of reciprocal rank fusion
	MaxContextTokens = 32_000   // tokens of a context, unless the configuration sets another limit
	MaxCompared      = 1000     // questions of one comparison of collections
)

// Outside returns the violation of a field whose value is outside its limit, such as "1 to 100".
func Outside(field, limit, got string) Violation {
	return Violation{Field: field, Description: fmt.Sprintf("must be %s, is %s", limit, got), Limit: limit, Got: got}
}

// TooLong returns the violation of a field that has too many bytes, n.
func TooLong(field string, n, most int) Violation {
	return Violation{
		Field: field, Description: fmt.Sprintf("must be at most %d bytes, has %d", most, n), Limit: fmt.Sprint(most), Got: fmt.Sprint(n),
	}
}

// TooMuchMetadata returns the violation of a document whose fields other than id,
// text and body have too many bytes together, n (see [Document.MetadataBytes]).
func TooMuchMetadata(field string, n, most int) Violation {
	v := TooLong(field, n, most)
	v.Description = fmt.Sprintf("its fields other than text and body must have at most %d bytes, have %d", most, n)
	return v
}

// IDViolations returns what is wrong with a document's id: it is empty, too long,
// not UTF-8, or contains a control character. It returns nothing if the id is
// valid, otherwise one violation.
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
		return []Violation{{Field: field, Description: fmt.Sprintf("contains the control character %U", r)}}
	}
	return nil
}

// KeyProblem says what is wrong with a metadata key: it is empty, not UTF-8, or
// contains a control character. It is empty for a valid key.
func KeyProblem(key string) string {
	if key == "" {
		return "has an empty key"
	}
	if !utf8.ValidString(key) {
		return "has a key that is not valid UTF-8"
	}
	if at := strings.IndexFunc(key, unicode.IsControl); at >= 0 {
		r, _ := utf8.DecodeRuneInString(key[at:])
		return fmt.Sprintf("has the key %.80q, which contains the control character %U", key, r)
	}
	return ""
}

// DuplicateID returns the error of the second of two documents of one run with the
// same id; it names their sources.
func DuplicateID(id, first, second string) error {
	return Invalid("id", fmt.Sprintf("%q is the id of both %s and %s", id, first, second))
}

// IDF returns the inverse document frequency of a term that occurs in n of N
// passages: ln(1 + (N−n+½)/(n+½)). This is the formula of Robertson and Zaragoza
// (2009), with 1+ so that it is positive. If n is greater than N, it uses N.
func IDF[N int | float64](passages, holding N) float64 {
	all, n := float64(passages), float64(holding)
	return math.Log(1 + (max(all, n)-n+0.5)/(n+0.5))
}

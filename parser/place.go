package parser

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"

	"dalil/corpus"
)

// ContentID returns the id of a record that has neither an id nor a permanent place.
func ContentID(d corpus.Document) string {
	d.ID, d.Source = "", ""
	encoded, err := json.Marshal(d)
	if err != nil { // a Document always marshals
		panic(err)
	}
	sum := sha256.Sum256(encoded)
	return "sha256-" + hex.EncodeToString(sum[:16])
}

// placeID matches an id that the parser made from a record's place: the source and
// the line.
var placeID = regexp.MustCompile(`^:[0-9]+$`)

// PlaceOf returns the ":line" of an id that is a place in source.
func PlaceOf(id, source string) (string, bool) {
	line, ok := strings.CutPrefix(id, source)
	return line, ok && placeID.MatchString(line)
}

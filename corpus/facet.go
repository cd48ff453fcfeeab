package corpus

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// FacetKind is what a facet counts the values of.
type FacetKind uint8

// The kinds of facets.
const (
	FacetLanguage FacetKind = 1 + iota
	FacetSource
	FacetAuthor
	FacetTag
	FacetYear     // the year of publication, in UTC
	FacetMetadata // one metadata key
)

var facetNames = map[FacetKind]string{
	FacetLanguage: "language", FacetSource: "source", FacetAuthor: "author", FacetTag: "tag", FacetYear: "year",
}

// metadataFacet is what the names of metadata facets begin with. The key follows.
const metadataFacet = "metadata."

// FacetFields lists the names of facets, for errors.
const FacetFields = "language, source, author, tag, year or metadata.KEY"

// Limits of facets.
const (
	MaxFacets          = 10  // facets of one request
	MaxFacetValues     = 100 // values of one facet
	DefaultFacetValues = 10
)

// FacetField names what a facet counts: a field of documents, or a metadata key.
type FacetField struct {
	Kind FacetKind
	Key  string // of FacetMetadata alone
}

// ParseFacetField reads a name such as "language" or "metadata.desk". The problem is ""
// or says what is wrong with it, to follow the name of a field.
func ParseFacetField(name string) (f FacetField, problem string) {
	if key, is := strings.CutPrefix(name, metadataFacet); is {
		if problem := KeyProblem(key); problem != "" {
			return f, fmt.Sprintf("must be %s, is %.80q, which %s", FacetFields, name, problem)
		}
		return FacetField{FacetMetadata, key}, ""
	}
	for kind, known := range facetNames {
		if known == name {
			return FacetField{Kind: kind}, ""
		}
	}
	return f, fmt.Sprintf("must be %s, is %.80q", FacetFields, name)
}

func (f FacetField) String() string {
	if f.Kind == FacetMetadata {
		return metadataFacet + f.Key
	}
	return facetNames[f.Kind]
}

// Values returns the values of a document, each once: none if it lacks the field, several
// of a list and of tags. It defines the meaning of facets; stores must agree with it. A
// metadata string that may be a number counts as a string. An empty text is a value of
// metadata, but not of the other fields.
func (f FacetField) Values(d *Document) []Value {
	switch f.Kind {
	case FacetLanguage:
		return facetTexts(d.Language)
	case FacetSource:
		return facetTexts(d.Source)
	case FacetAuthor:
		return facetTexts(d.Author)
	case FacetTag:
		return facetTexts(d.Tags...)
	case FacetYear:
		if !d.PublishedAt.IsZero() {
			return []Value{Number(float64(d.PublishedAt.UTC().Year()))}
		}
	case FacetMetadata:
		switch v, held := d.Metadata[f.Key]; {
		case !held:
		case v.Kind() == NumberKind, v.Kind() == BooleanKind:
			return []Value{v}
		default:
			return distinctTexts(v.Items())
		}
	}
	return nil
}

func facetTexts(texts ...string) []Value {
	return slices.DeleteFunc(distinctTexts(texts), func(v Value) bool { return v.Text() == "" })
}

// FacetRequest asks for a facet.
type FacetRequest struct {
	Field FacetField
	Limit int // number of values; 0: DefaultFacetValues
}

// FacetValue is how many documents have a value.
type FacetValue struct {
	Value Value
	Count int
}

// Facet has the counts of a field's values, the most frequent first.
type Facet struct {
	Field  FacetField
	Values []FacetValue
	// Complete: the counts cover all that the question and its filter found. Otherwise an
	// arm found more than it returns, and the counts cover the candidates alone.
	Complete bool
}

// MostFrequent sorts values and returns the first limit of them. Values with equal counts
// are in the order of the values: strings, then numbers, then booleans.
func MostFrequent(values []FacetValue, limit int) []FacetValue {
	slices.SortFunc(values, func(a, b FacetValue) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		if a.Value.kind != b.Value.kind {
			return int(a.Value.kind) - int(b.Value.kind)
		}
		if a.Value.number != b.Value.number {
			return cmp.Compare(a.Value.number, b.Value.number)
		}
		return strings.Compare(a.Value.text, b.Value.text)
	})
	return values[:min(len(values), limit)]
}

package corpus

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Field is a document field that a filter can name.
type Field uint8

// The fields of [Filter.In].
const (
	FieldLanguage Field = 1 + iota
	FieldSource
	FieldAuthor
	FieldTag
	FieldDocumentID
	// FieldTenant and FieldReader are set by the store that is bound to a caller,
	// never by a request.
	FieldTenant
	FieldReader // the groups that may read the document
)

var fieldNames = map[Field]string{
	FieldLanguage: "language", FieldSource: "source", FieldAuthor: "author", FieldTag: "tags", FieldDocumentID: "document_id",
	FieldTenant: "tenant", FieldReader: "groups",
}

func (f Field) String() string { return fieldNames[f] }

// Filter selects documents. The zero Filter keeps all documents. In any other
// filter, exactly one part is set. A clause about a field never keeps a document
// without the field, so Not around the clause keeps that document.
type Filter struct {
	All       []Filter // all of these filters keep the document
	Any       []Filter // at least one of these filters keeps the document
	Not       *Filter
	In        *In
	Published *Published
	Metadata  *MetadataMatch
}

// In keeps documents whose field equals one of the values, byte for byte. For tags,
// one of the document's tags must be equal.
type In struct {
	Field  Field
	Values []string
}

// Published keeps documents that were published in [From, Until). A zero bound means no bound.
type Published struct{ From, Until time.Time }

// IsZero reports whether the filter is zero, so that it keeps all documents.
func (f Filter) IsZero() bool { return f.parts() == 0 }

func (f Filter) parts() int {
	n := 0
	for _, set := range []bool{f.All != nil, f.Any != nil, f.Not != nil, f.In != nil, f.Published != nil, f.Metadata != nil} {
		if set {
			n++
		}
	}
	return n
}

// Validate returns an error if the filter is ambiguous, has an empty part that must
// not be empty, or has more than limit clauses. The error names the clause as on
// the wire ("filter.all.filters[2].not.in.values").
func (f Filter) Validate(limit int) error {
	if f.IsZero() {
		return nil
	}
	left := limit
	return f.validate("filter", &left, limit)
}

func (f Filter) validate(path string, left *int, limit int) error {
	*left--
	if *left < 0 {
		return tooManyClauses(limit)
	}
	if n := f.parts(); n != 1 {
		return Invalid(path, fmt.Sprintf("must set exactly one clause, has %d", n))
	}
	for _, group := range []struct {
		name    string
		clauses []Filter
	}{{"all", f.All}, {"any", f.Any}} {
		path := path + "." + group.name + ".filters"
		if group.clauses != nil && len(group.clauses) == 0 {
			return Invalid(path, "is empty")
		}
		for i, c := range group.clauses {
			if err := c.validate(path+"["+strconv.Itoa(i)+"]", left, limit); err != nil {
				return err
			}
		}
	}
	switch {
	case f.Not != nil:
		return f.Not.validate(path+".not", left, limit)
	case f.In != nil:
		if f.In.Field.String() == "" {
			return Invalid(path+".in.field", "names no field")
		}
		if len(f.In.Values) == 0 {
			return Invalid(path+".in.values", "is empty")
		}
		*left -= len(f.In.Values) - 1
	case f.Published != nil:
		p := f.Published
		if p.From.IsZero() && p.Until.IsZero() {
			return Invalid(path+".published", "has neither from nor until")
		}
		if !p.From.IsZero() && !p.Until.IsZero() && !p.From.Before(p.Until) {
			return bounds(path+".published.from", "must be before until", p.Until.Format(time.RFC3339), p.From.Format(time.RFC3339))
		}
	case f.Metadata != nil:
		if err := f.Metadata.validate(path + ".metadata"); err != nil {
			return err
		}
		*left -= max(len(f.Metadata.Values)-1, 0)
	}
	if *left < 0 {
		return tooManyClauses(limit)
	}
	return nil
}

// bounds returns the error of a lower bound that is above the upper one.
func bounds(field, rule, limit, got string) error {
	return &InvalidError{Violations: []Violation{{Field: field, Description: rule + " " + limit + ", is " + got, Limit: limit, Got: got}}}
}

func tooManyClauses(limit int) error {
	return &InvalidError{Violations: []Violation{{
		Field: "filter", Description: fmt.Sprintf("must have at most %d clauses and values", limit), Limit: strconv.Itoa(limit),
	}}}
}

// Bytes returns the bytes of all keys and values of the filter.
func (f Filter) Bytes() int {
	n := 0
	for _, c := range slices.Concat(f.All, f.Any) {
		n += c.Bytes()
	}
	if f.Not != nil {
		n += f.Not.Bytes()
	}
	if f.In != nil {
		for _, v := range f.In.Values {
			n += len(v)
		}
	}
	if f.Metadata != nil {
		n += f.Metadata.bytes()
	}
	return n
}

// Match reports whether the filter keeps d. It defines the meaning of filters;
// stores must agree with it.
func (f Filter) Match(d *Document) bool {
	switch {
	case f.All != nil:
		return !slices.ContainsFunc(f.All, func(c Filter) bool { return !c.Match(d) })
	case f.Any != nil:
		return slices.ContainsFunc(f.Any, func(c Filter) bool { return c.Match(d) })
	case f.Not != nil:
		return !f.Not.Match(d)
	case f.In != nil:
		return haveOne(f.In.Field.values(d), f.In.Values)
	case f.Published != nil:
		t := d.PublishedAt
		return !t.IsZero() && (f.Published.From.IsZero() || !t.Before(f.Published.From)) &&
			(f.Published.Until.IsZero() || t.Before(f.Published.Until))
	case f.Metadata != nil:
		return f.Metadata.match(d.Metadata)
	}
	return true
}

func (f Field) values(d *Document) []string {
	switch f {
	case FieldLanguage:
		return []string{d.Language}
	case FieldSource:
		return []string{d.Source}
	case FieldAuthor:
		return []string{d.Author}
	case FieldTag:
		return d.Tags
	case FieldDocumentID:
		return []string{d.ID}
	case FieldTenant:
		if tenant, _ := SplitKey(d.ID); tenant != "" {
			return []string{tenant}
		}
		return []string{Everyone}
	case FieldReader:
		if len(d.Groups) > 0 {
			return d.Groups
		}
		return []string{Everyone}
	}
	return nil
}

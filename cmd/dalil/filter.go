package main

import (
	"regexp"
	"strconv"
	"strings"

	dalilv1 "dalil/proto/dalil/v1"
)

// filterFlags choose the documents that may answer.
type filterFlags struct {
	Language []string `placeholder:"LANG,..." help:"Search only documents in these languages (ar, en, ...)."`
	Source   []string `placeholder:"S,..." help:"Search only documents from these sources."`
	Tag      []string `placeholder:"TAG,..." help:"Search only documents with one of these tags."`
}

func (c *filterFlags) filter() *dalilv1.Filter {
	var clauses []*dalilv1.Filter
	for _, in := range []struct {
		field  dalilv1.FilterField
		values []string
	}{
		{dalilv1.FilterField_FILTER_FIELD_LANGUAGE, lower(c.Language)},
		{dalilv1.FilterField_FILTER_FIELD_SOURCE, c.Source},
		{dalilv1.FilterField_FILTER_FIELD_TAG, c.Tag},
	} {
		if len(in.values) > 0 {
			clauses = append(clauses, &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: in.field, Values: in.values}}})
		}
	}
	switch len(clauses) {
	case 0:
		return nil
	case 1:
		return clauses[0]
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: clauses}}}
}

// lower converts languages to lower case, so that AR means ar.
func lower(values []string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = strings.ToLower(strings.TrimSpace(v))
	}
	return all
}

// clause matches the index of the filter clause that a field belongs to.
var clause = regexp.MustCompile(`\[(\d+)\]`)

// filterFlag returns the flag that a clause of the filter was made from.
func (c *filterFlags) filterFlag(field string) string {
	var flags []string
	for _, f := range []struct {
		name   string
		values []string
	}{{"--language", c.Language}, {"--source", c.Source}, {"--tag", c.Tag}} {
		if len(f.values) > 0 {
			flags = append(flags, f.name)
		}
	}
	if found := clause.FindStringSubmatch(field); found != nil && len(flags) > 1 {
		if i, err := strconv.Atoi(found[1]); err == nil && i < len(flags) {
			return flags[i]
		}
	}
	return strings.Join(flags, ", ")
}

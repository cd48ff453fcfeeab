package main

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// filterFlags are the flags that choose which documents may answer.
type filterFlags struct {
	Language []string `placeholder:"LANG,..." help:"Search only documents in these languages (ar, en, ...)."`
	Source   []string `placeholder:"S,..." help:"Search only documents from these sources."`
	Tag      []string `placeholder:"TAG,..." help:"Search only documents with one of these tags."`
	Filter   []string `placeholder:"COND" sep:"none" help:"Search only documents whose metadata meets this condition: KEY=VALUE,... or KEY!=VALUE,... (one of the values, or none), KEY>=N, KEY<=N, KEY>N, KEY<N (a number, or a time of RFC 3339), KEY^=PREFIX, KEY (has the key), !KEY. Numbers, true and false have their types; quotes make a string: year=2022, code=\"2022\". May be repeated; every condition must be met."`
}

// filter returns nil if every document may answer.
func (f *filterFlags) filter() (*dalilv1.Filter, error) {
	var clauses []*dalilv1.Filter
	for _, in := range []struct {
		field  dalilv1.FilterField
		values []string
	}{
		{dalilv1.FilterField_FILTER_FIELD_LANGUAGE, lower(f.Language)},
		{dalilv1.FilterField_FILTER_FIELD_SOURCE, f.Source},
		{dalilv1.FilterField_FILTER_FIELD_TAG, f.Tag},
	} {
		if len(in.values) > 0 {
			clauses = append(clauses, &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: in.field, Values: in.values}}})
		}
	}
	var ranges []*dalilv1.MetadataFilter
	for _, condition := range f.Filter {
		m, negated, err := parseCondition(condition)
		if err != nil {
			return nil, fmt.Errorf("--filter: %w", err)
		}
		if !negated && joined(ranges, m) {
			continue
		}
		clause := &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: m}}
		if negated {
			clause = &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: clause}}
		} else {
			ranges = append(ranges, m)
		}
		clauses = append(clauses, clause)
	}
	switch len(clauses) {
	case 0:
		return nil, nil
	case 1:
		return clauses[0], nil
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: clauses}}}, nil
}

// joined makes one range of two bounds of a key, so that one item of a list must meet
// both. It reports whether m became part of another filter.
func joined(ranges []*dalilv1.MetadataFilter, m *dalilv1.MetadataFilter) bool {
	for _, r := range ranges {
		switch {
		case r.GetKey() != m.GetKey():
		case m.Min != nil && r.Min == nil && r.Max != nil:
			r.Min = m.Min
			return true
		case m.Max != nil && r.Max == nil && r.Min != nil:
			r.Max = m.Max
			return true
		case m.From != nil && r.From == nil && r.Until != nil:
			r.From = m.From
			return true
		case m.Until != nil && r.Until == nil && r.From != nil:
			r.Until = m.Until
			return true
		}
	}
	return false
}

// operators, of which a longer one comes before its beginning.
var operators = []string{"!=", ">=", "<=", "^=", "=", ">", "<"}

// parseCondition reads one condition on metadata.
func parseCondition(condition string) (m *dalilv1.MetadataFilter, negated bool, err error) {
	rest := strings.TrimSpace(condition)
	rest, negated = strings.CutPrefix(rest, "!")
	key, operator, rest, err := cutKey(rest)
	if err != nil {
		return nil, false, fmt.Errorf("%q %w", condition, err)
	}
	m = &dalilv1.MetadataFilter{Key: key}
	if operator == "" {
		return m, negated, nil
	}
	if negated {
		return nil, false, fmt.Errorf(`%q: "!" may only be in front of a key without a value; write KEY!=VALUE to exclude a value`, condition)
	}
	if (operator == "=" || operator == "!=") && strings.HasPrefix(rest, "=") {
		return nil, false, fmt.Errorf("%q has %s=; write %s, or quotes around a value that begins with =", condition, operator, operator)
	}
	switch operator {
	case "=", "!=":
		m.Values, err = parseValues(rest)
		negated = operator == "!="
	case "^=":
		var prefix string
		if prefix, err = unquoted(rest); err == nil && prefix == "" {
			err = fmt.Errorf("has no prefix after ^=")
		}
		m.Prefix = &prefix
	default:
		err = bound(m, operator, strings.TrimSpace(rest))
	}
	if err != nil {
		return nil, false, fmt.Errorf("%q %w", condition, err)
	}
	return m, negated, nil
}

// cutKey splits a condition at its operator; without one it is a key.
func cutKey(s string) (key, operator, rest string, err error) {
	if quoted, err := strconv.QuotedPrefix(s); err == nil {
		if key, err = strconv.Unquote(quoted); err != nil {
			return "", "", "", err
		}
		rest := strings.TrimSpace(s[len(quoted):])
		for _, o := range operators {
			if after, cut := strings.CutPrefix(rest, o); cut {
				return key, o, after, nil
			}
		}
		if rest != "" {
			return "", "", "", fmt.Errorf("has no operator after the key; use one of %s", strings.Join(operators, " "))
		}
		return key, "", "", nil
	}
	for i := range len(s) {
		for _, o := range operators {
			if after, cut := strings.CutPrefix(s[i:], o); cut {
				if key = strings.TrimSpace(s[:i]); key == "" {
					return "", "", "", fmt.Errorf("has no key")
				}
				return key, o, after, nil
			}
		}
	}
	if key = strings.TrimSpace(s); key == "" {
		return "", "", "", fmt.Errorf("has no key")
	}
	return key, "", "", nil
}

// jsonNumber is a number as JSON writes it; 007 and +5 are strings.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// parseValues reads values between commas.
func parseValues(s string) (values []*structpb.Value, err error) {
	for {
		s = strings.TrimSpace(s)
		var value *structpb.Value
		if strings.HasPrefix(s, `"`) {
			decoder := json.NewDecoder(strings.NewReader(s))
			var text string
			if err := decoder.Decode(&text); err != nil {
				return nil, fmt.Errorf("has a quotation mark that is not closed")
			}
			value, s = structpb.NewStringValue(text), strings.TrimSpace(s[decoder.InputOffset():])
			if s != "" && s[0] != ',' {
				return nil, fmt.Errorf("has text after a closing quotation mark")
			}
		} else {
			end := strings.IndexByte(s, ',')
			if end < 0 {
				end = len(s)
			}
			if value, err = bare(strings.TrimSpace(s[:end])); err != nil {
				return nil, err
			}
			s = s[end:]
		}
		values = append(values, value)
		if s == "" {
			return values, nil
		}
		s = s[1:]
	}
}

// bare reads a value without quotation marks.
func bare(s string) (*structpb.Value, error) {
	switch {
	case s == "":
		return nil, fmt.Errorf(`has an empty value; the empty string is ""`)
	case s == "true" || s == "false":
		return structpb.NewBoolValue(s == "true"), nil
	case jsonNumber.MatchString(s):
		v, problem := corpus.ParseNumber(s)
		if problem != "" {
			return nil, fmt.Errorf("has the value %s, which %s", s, problem)
		}
		return structpb.NewNumberValue(v.Float()), nil
	}
	return structpb.NewStringValue(s), nil
}

// unquoted reads a string with or without quotation marks.
func unquoted(s string) (string, error) {
	if s = strings.TrimSpace(s); !strings.HasPrefix(s, `"`) {
		return s, nil
	}
	var text string
	if json.Unmarshal([]byte(s), &text) != nil {
		return "", fmt.Errorf("has a quotation mark that is not closed")
	}
	return text, nil
}

// bound sets one bound of a range. Numbers have inclusive bounds on the wire; times
// begin at from and end before until, and compare to the microsecond.
func bound(m *dalilv1.MetadataFilter, operator, written string) error {
	if jsonNumber.MatchString(written) {
		v, problem := corpus.ParseNumber(written)
		if problem != "" {
			return fmt.Errorf("has the bound %s, which %s", written, problem)
		}
		x := v.Float()
		switch operator {
		case ">=":
			m.Min = &x
		case ">":
			x = math.Nextafter(x, math.Inf(1))
			m.Min = &x
		case "<=":
			m.Max = &x
		case "<":
			x = math.Nextafter(x, math.Inf(-1))
			m.Max = &x
		}
		return nil
	}
	t, is := corpus.Moment(written)
	if !is {
		return fmt.Errorf("has the bound %q; a bound is a number, or a time of RFC 3339 such as 2024-05-01T12:30:00Z, or a date", written)
	}
	switch operator {
	case ">=":
		m.From = timestamppb.New(t)
	case ">":
		m.From = timestamppb.New(t.Add(time.Microsecond))
	case "<":
		m.Until = timestamppb.New(t)
	case "<=":
		m.Until = timestamppb.New(t.Add(time.Microsecond))
	}
	return nil
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
func (f *filterFlags) filterFlag(field string) string {
	var flags []string
	for _, flag := range []struct {
		name   string
		values []string
	}{{"--language", f.Language}, {"--source", f.Source}, {"--tag", f.Tag}} {
		if len(flag.values) > 0 {
			flags = append(flags, flag.name)
		}
	}
	if len(f.Filter) > 0 {
		flags = append(flags, "--filter")
	}
	// Behind the clauses of the other flags are those of --filter.
	if found := clause.FindStringSubmatch(field); found != nil && len(flags) > 1 {
		if i, err := strconv.Atoi(found[1]); err == nil && (i < len(flags) || len(f.Filter) > 0) {
			return flags[min(i, len(flags)-1)]
		}
	}
	return strings.Join(flags, ", ")
}

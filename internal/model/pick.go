package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"dalil/corpus"
)

// Pick returns a row of a table by its name. Its error lists the names.
func Pick[T any](key, name string, table map[string]T) (T, error) {
	row, ok := table[name]
	if !ok {
		return row, corpus.Invalid(key, fmt.Sprintf("%q is unknown; use one of %s", name, strings.Join(slices.Sorted(maps.Keys(table)), ", ")))
	}
	return row, nil
}

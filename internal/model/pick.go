package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"dalil/corpus"
)

// Pick finds a row of a table; the error lists the names.
func Pick[T any](key, name string, table map[string]T) (T, error) {
	row, ok := table[name]
	if !ok {
		return row, corpus.Invalid(key, fmt.Sprintf("there is no %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(table)), ", ")))
	}
	return row, nil
}

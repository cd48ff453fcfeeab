package model

import (
	"errors"
	"strings"

	"dalil/corpus"
)

// renamed gives the fields of an InvalidError the names that the user wrote.
func renamed(err error, name func(field string) string) error {
	var invalid *corpus.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	named := &corpus.InvalidError{Violations: make([]corpus.Violation, len(invalid.Violations))}
	for i, v := range invalid.Violations {
		v.Field = name(v.Field)
		named.Violations[i] = v
	}
	return named
}

// embedderKey returns the setting for an option of a provider.
func embedderKey(option string) string {
	if strings.Contains(option, ".") {
		return option
	}
	return "embedder." + option
}

// teacherFlag returns the flag of dalil-train for an option of a provider.
func teacherFlag(option string) string {
	option = strings.TrimPrefix(option, "embedder.")
	if option == "url" {
		return "--teacher"
	}
	return "--teacher-" + strings.ReplaceAll(option, "_", "-")
}

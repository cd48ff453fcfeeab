package main

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/alecthomas/kong"
)

// restricting are flags that restrict what a command acts on, or name what it needs for
// that. An empty value is most likely a variable without a value, and must not mean
// everything.
var restricting = []string{"tenant", "group", "filter", "expires", "api-key-file", "tls-ca", "tls-cert", "tls-key", "tls-server-name"}

// checkEmpty refuses such flags with an empty value.
func checkEmpty(command *kong.Context) error {
	for _, part := range command.Path {
		f := part.Flag
		if f == nil || !slices.Contains(restricting, f.Name) {
			continue
		}
		empty := f.Target.Kind() == reflect.String && f.Target.Len() == 0
		if list, is := f.Target.Interface().([]string); is {
			empty = slices.Contains(list, "")
		}
		if empty {
			return fmt.Errorf("--%s: is empty; give a value, or leave the flag out", f.Name)
		}
	}
	return nil
}

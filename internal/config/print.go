package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Secret is a setting that is never shown: its value leaves only by conversion
// to string.
type Secret string

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// hidden is printed in place of a secret, and refused where one is read.
const hidden = "(hidden)"

// MarshalText hides the value from every encoder.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Leaf is one setting of the tree.
type Leaf struct {
	Key   string // "embedder.name"
	Value any
	Doc   string
}

// Leaves lists all settings in the order of the tree.
func Leaves(c Config) []Leaf { return leaves("", reflect.ValueOf(c)) }

func leaves(prefix string, v reflect.Value) []Leaf {
	var all []Leaf
	for i := range v.NumField() {
		field := v.Type().Field(i)
		key := prefix + field.Tag.Get("koanf")
		if field.Type.Kind() == reflect.Struct {
			all = append(all, leaves(key+".", v.Field(i))...)
			continue
		}
		all = append(all, Leaf{Key: key, Value: v.Field(i).Interface(), Doc: field.Tag.Get("doc")})
	}
	return all
}

// YAML prints the configuration as a file that Load reads back, each key with
// its meaning. Secrets are hidden: a printed file does not contain them.
func YAML(c Config) string {
	var b strings.Builder
	var open []string
	for _, l := range Leaves(c) {
		path := strings.Split(l.Key, ".")
		sections := path[:len(path)-1]
		for depth, name := range sections {
			if depth >= len(open) || open[depth] != name {
				fmt.Fprintf(&b, "%s%s:\n", strings.Repeat("  ", depth), name)
				open = append(open[:min(depth, len(open))], name)
			}
		}
		open = open[:len(sections)]
		value := fmt.Sprint(l.Value)
		switch l.Value.(type) {
		case string, Secret, Proxy:
			value = fmt.Sprintf("%q", value)
		case []string:
			value = fmt.Sprintf("[%s]", strings.Join(l.Value.([]string), ", "))
		}
		fmt.Fprintf(&b, "%s%s: %s  # %s\n", strings.Repeat("  ", len(sections)), path[len(path)-1], value, l.Doc)
	}
	return b.String()
}

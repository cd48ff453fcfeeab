package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Secret is a setting that is never printed. Only a conversion to string gives its
// value.
type Secret string

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// hidden is printed in place of a secret. It is refused as the value of one.
const hidden = "(hidden)"

// MarshalText returns a placeholder, so that no encoder prints the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Leaf is one setting.
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

// YAML prints the configuration as a file that Load can read, with the meaning of
// each key. Secrets are hidden: a printed file does not contain them.
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

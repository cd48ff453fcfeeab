package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Parameters are fields of a provider's request, as canonical JSON; "" for
// none. In a file they are a section, in a variable or flag a JSON object or
// name=value with commas between. null leaves a field out of the request.
type Parameters string

// Headers are sent to a provider with every call, as canonical JSON: "" for
// none. Their values are never shown.
type Headers string

// Map returns the members by name; nil where there are none.
func (p Parameters) Map() map[string]any {
	var m map[string]any
	if p != "" {
		_ = json.Unmarshal([]byte(p), &m) // typed has made it
	}
	return m
}

// String is a JSON object, which YAML reads too.
func (p Parameters) String() string {
	if p == "" {
		return "{}"
	}
	return string(p)
}

// Map returns the values by name; nil where there are none.
func (h Headers) Map() map[string]string {
	var m map[string]string
	if h != "" {
		_ = json.Unmarshal([]byte(h), &m) // typed has made it
	}
	return m
}

// String is a JSON object with the values hidden.
func (h Headers) String() string {
	m := h.Map()
	for name := range m {
		m[name] = hidden
	}
	if len(m) == 0 {
		return "{}"
	}
	text, _ := json.Marshal(m) // strings always marshal
	return string(text)
}

// MarshalText hides the values from every encoder.
func (h Headers) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// isObject reports whether a setting is written as a section of its own.
func isObject(like any) bool {
	switch like.(type) {
	case Parameters, Headers:
		return true
	}
	return false
}

// ownReserved are members that hold the texts and are never a setting.
var ownReserved = []string{"input", "inputs", "texts"}

// ownHeaders are headers that belong to the transport.
var ownHeaders = []string{"host", "content-length", "content-type", "transfer-encoding", "connection"}

func typedObject(given, like any) (any, error) {
	m, err := object(given)
	if err != nil {
		return nil, err
	}
	for name, value := range m {
		switch like.(type) {
		case Parameters:
			if slices.Contains(ownReserved, name) {
				return nil, fmt.Errorf("%s holds the texts and cannot be set", name)
			}
		case Headers:
			text := fmt.Sprint(value)
			switch {
			case !httpguts.ValidHeaderFieldName(name) || slices.Contains(ownHeaders, strings.ToLower(name)):
				return nil, fmt.Errorf("header %q cannot be set", name)
			case text == hidden:
				return nil, fmt.Errorf("%q is printed by \"dalil config\" in place of the value of %s; write the value itself", hidden, name)
			case value == nil || !httpguts.ValidHeaderFieldValue(text):
				return nil, fmt.Errorf("the value of header %s must be one line of printable text", name)
			}
			m[name] = text
		}
	}
	if len(m) == 0 {
		return "", nil
	}
	canonical, err := json.Marshal(m) // sorts the names
	return string(canonical), err
}

// object reads a section, a JSON object, or name=value with commas between.
func object(given any) (map[string]any, error) {
	if section, ok := given.(map[string]any); ok {
		return section, nil
	}
	text := strings.TrimSpace(fmt.Sprint(given))
	m := map[string]any{}
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return nil, fmt.Errorf("must be a JSON object: %w", err)
		}
		return m, nil
	}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, errors.New("must be a JSON object, or name=value with commas between")
		}
		var read any
		if json.Unmarshal([]byte(value), &read) != nil {
			read = value
		}
		m[strings.TrimSpace(name)] = read
	}
	return m, nil
}

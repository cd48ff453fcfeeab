package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// typed converts a value of a file, a variable or a flag to the type of like.
// Nothing is rounded, cut or guessed: a value that does not fit is an error, which
// says what is allowed and what was given.
func typed(given, like any) (any, error) {
	if given == nil {
		return nil, errors.New("has no value; set one, or remove the key")
	}
	if list, ok := like.([]string); ok {
		return typedList(given, list)
	}
	if isObject(like) {
		return typedObject(given, like)
	}
	switch given.(type) {
	case []any, map[string]any:
		return nil, errors.New("must be a single value, is a list or a section")
	}
	text := strings.TrimSpace(fmt.Sprint(given))
	switch like.(type) {
	case Secret:
		if fmt.Sprint(given) == hidden {
			return nil, fmt.Errorf("%q is printed by \"dalil config\" in place of a secret; write the secret itself, here or in its environment variable", hidden)
		}
		return fmt.Sprint(given), nil
	case bool:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("must be true or false, is %q", text)
		}
		return value, nil
	case int:
		value, err := strconv.ParseInt(text, 10, strconv.IntSize)
		if f, ok := given.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 { // 1e6 in YAML
			value, err = int64(f), nil
		}
		if err != nil {
			return nil, fmt.Errorf("must be a whole number, is %q", text)
		}
		return int(value), nil
	case float64:
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("must be a number, is %q", text)
		}
		return value, nil
	case time.Duration:
		value, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("must be a time with its unit, such as 500ms, 10s or 1m30s; is %q", text)
		}
		return value, nil
	}
	if reflect.TypeOf(like).Kind() == reflect.String {
		return fmt.Sprint(given), nil
	}
	return nil, fmt.Errorf("settings of type %T cannot be read", like)
}

func typedList(given any, like []string) (any, error) {
	list, ok := given.([]any)
	if !ok {
		for part := range strings.SplitSeq(fmt.Sprint(given), ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
	}
	values := like[:0:0]
	for _, part := range list {
		switch part.(type) {
		case nil, []any, map[string]any:
			return nil, errors.New("must be a list of single values")
		}
		values = append(values, fmt.Sprint(part))
	}
	return values, nil
}

// isSection reports whether key names a section of the file.
func isSection(key string, known map[string]any) bool {
	for name := range known {
		if strings.HasPrefix(name, key+".") {
			return true
		}
	}
	return false
}

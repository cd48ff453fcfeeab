package keys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// checkMembers refuses members of objects that encoding/json would read and that say
// something twice: the same name twice in an object, or in another case. The last one
// would win, and could take a restriction of a key away. raw is valid JSON.
func checkMembers(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := members(d, "")
	return err
}

// members reads one value. end is the delimiter that it has read instead; 0: none.
func members(d *json.Decoder, path string) (end json.Delim, err error) {
	t, err := d.Token()
	if err != nil {
		return 0, err
	}
	switch open, _ := t.(json.Delim); open {
	case '}', ']':
		return open, nil
	case '[':
		for i := 0; ; i++ {
			if end, err := members(d, fmt.Sprintf("%s[%d]", path, i)); err != nil || end != 0 {
				return 0, err
			}
		}
	case '{':
		seen := map[string]bool{}
		for {
			name, err := d.Token()
			if err != nil {
				return 0, err
			}
			text, is := name.(string)
			if !is { // the end of the object
				return 0, nil
			}
			at := strings.TrimPrefix(path+"."+text, ".")
			folded := strings.ToLower(text)
			switch inFilter := strings.Contains(path, "].filter"); {
			case seen[folded]:
				return 0, fmt.Errorf("%s: is there twice", at)
			case folded != text && !inFilter:
				return 0, fmt.Errorf("%s: is not a field; did you mean %q?", at, folded)
			}
			seen[folded] = true
			if _, err := members(d, at); err != nil {
				return 0, err
			}
		}
	}
	return 0, nil
}

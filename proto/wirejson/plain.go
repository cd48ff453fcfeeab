package wirejson

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/segmentio/asm/utf8"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// mostDigits is room for most numbers.
const mostDigits = 24

// string writes what encoding/json does for a string, without escapes for HTML.
func (e *encoder) string(s string) {
	e.out.Grow(len(s) + 2)
	to := append(e.out.AvailableBuffer(), '"')
	if to = append(to, s...); plain(to[1:]) {
		e.out.Write(append(to, '"'))
		return
	}
	strings := json.NewEncoder(&e.out)
	strings.SetEscapeHTML(false)
	_ = strings.Encode(s)           // which does not fail for a string
	e.out.Truncate(e.out.Len() - 1) // the line end
}

// plain reports whether JSON has a text as it is: it is UTF-8, and has no quotation mark,
// backslash or control character, and no line end of Unicode (U+2028 and U+2029).
func plain(text []byte) bool {
	for i, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c == 0xe2 && i+2 < len(text) && text[i+1] == 0x80 && text[i+2]&^1 == 0xa8 {
			return false
		}
	}
	return utf8.Valid(text)
}

// float writes the shortest number that reads back as the same, as encoding/json does.
// JSON has no NaN and no infinity.
func (e *encoder) float(f protoreflect.FieldDescriptor, x float64, bits int) error {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("%s is %g, which JSON cannot hold", f.FullName(), x)
	}
	if size := math.Abs(x); size == 0 || size >= 1e-5 && size < 1e20 { // the others have exponents
		e.out.Grow(mostDigits)
		e.out.Write(strconv.AppendFloat(e.out.AvailableBuffer(), x, 'f', -1, bits))
		return nil
	}
	var number []byte
	var err error
	if bits == 32 {
		number, err = json.Marshal(float32(x))
	} else {
		number, err = json.Marshal(x)
	}
	e.out.Write(number)
	return err
}

package format

import (
	"strconv"
	"strings"
	"time"
)

// ReadTime reads a point in time of RFC 3339, or a date, which is its beginning in
// UTC. Unlike [ReadDate] it takes no other form and no guess: it decides when a
// document may be found.
func ReadTime(s string) (t time.Time, ok bool) {
	s = strings.TrimSpace(westernDigits(s))
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// ReadVersion reads a source version: a whole number, 0 or more.
func ReadVersion(s string) (version int64, ok bool) {
	version, err := strconv.ParseInt(strings.TrimSpace(westernDigits(s)), 10, 64)
	return version, err == nil && version >= 0
}

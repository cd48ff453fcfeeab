package training

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// oddLine says what a line is that is not a pair; "" for a pair and for an empty
// line.
func oddLine(line string) string {
	switch tabs := strings.Count(line, "\t"); {
	case strings.HasPrefix(line, "\xff\xfe"), strings.HasPrefix(line, "\xfe\xff"), strings.Contains(line, "\x00"):
		return "is UTF-16, not UTF-8: convert the file with iconv -f UTF-16 -t UTF-8"
	case strings.HasPrefix(line, "\x1f\x8b"):
		return "is gzip data: name the file .tsv.gz"
	case !utf8.ValidString(line) && arabicInWindows1256(line):
		return "is not UTF-8 but looks like windows-1256: convert the file with iconv -f WINDOWS-1256 -t UTF-8"
	case !utf8.ValidString(line):
		return "is not UTF-8: convert the file"
	case strings.TrimSpace(line) == "" || tabs == 1:
		return ""
	case tabs == 0:
		return "has no tab; a line is two texts with one tab between them"
	default:
		return fmt.Sprintf("has %d tabs; a line is two texts with one tab between them", tabs)
	}
}

// arabicInWindows1256 reports whether most of what is not ASCII becomes Arabic
// letters when it is read so.
func arabicInWindows1256(line string) bool {
	text, err := charmap.Windows1256.NewDecoder().String(line)
	if err != nil {
		return false
	}
	arabic, others := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case r >= utf8.RuneSelf:
			others++
		}
	}
	return arabic > 4*others
}

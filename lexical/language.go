package lexical

import (
	"unicode"
	"unicode/utf8"
)

// languageBytes is how much of a text is read to find its script.
const languageBytes = 512

// ScriptOf returns the script of most letters at the beginning of a text, or Other
// if neither Arabic nor Latin letters are the majority.
func ScriptOf(text string) Script {
	var arabic, latin, other int
	for i := 0; i < len(text) && i < languageBytes; {
		if c := text[i]; c < utf8.RuneSelf {
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				latin++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			other++
		}
	}
	switch most := max(arabic, latin, other); {
	case most == 0 || most == other:
		return Other
	case most == arabic:
		return Arabic
	}
	return Latin
}

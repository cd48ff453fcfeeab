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
		r, size := rune(0), 2
		if c := text[i]; c >= 0xc2 && c < 0xe0 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 { // as all of Arabic
			r = rune(c&0x1f)<<6 | rune(text[i+1]&0x3f)
		} else {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		switch scriptOf(r) {
		case arabicScript:
			arabic++
		case latinScript:
			latin++
		case otherScript:
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

// What a character is to ScriptOf.
const (
	noScript = iota
	arabicScript
	latinScript
	otherScript
)

// lowScripts are those of the characters that have two bytes.
var lowScripts = func() (low [0x800]uint8) {
	for r := range rune(len(low)) {
		low[r] = searchScript(r)
	}
	return low
}()

func scriptOf(r rune) uint8 {
	if int(r) < len(lowScripts) {
		return lowScripts[r]
	}
	return searchScript(r)
}

// searchScript looks a character up in the tables of Unicode.
func searchScript(r rune) uint8 {
	switch {
	case unicode.Is(unicode.Arabic, r):
		return arabicScript
	case unicode.Is(unicode.Latin, r):
		return latinScript
	case unicode.IsLetter(r):
		return otherScript
	}
	return noScript
}

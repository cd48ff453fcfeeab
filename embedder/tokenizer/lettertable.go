package tokenizer

import (
	"sync/atomic"
	"unicode/utf8"
)

// letterTable is a run of letterMaps compiled into one: what they make of a
// letter together is looked up and not worked out again. Pages of 256 letters
// are filled when a text first needs them; filling one twice gives the same.
type letterTable struct {
	steps []letterMap
	pages [(utf8.MaxRune + 1) / 256]atomic.Pointer[letterPage]
}

type letterPage struct {
	letters [256]rune // the normal form; < 0: see forms
	forms   map[byte]string
}

const severalLetters = -1 // or none

func (m *letterTable) appendNormal(dst, src []byte) []byte {
	for at := 0; at < len(src); {
		r, n := rune(src[at]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(src[at:])
		}
		at += n
		page := m.pages[r>>8].Load()
		if page == nil {
			page = m.fill(r >> 8)
		}
		switch to := page.letters[r&0xff]; {
		case to < 0:
			dst = append(dst, page.forms[byte(r)]...)
		case to < utf8.RuneSelf:
			dst = append(dst, byte(to))
		default:
			dst = utf8.AppendRune(dst, to)
		}
	}
	return dst
}

func (m *letterTable) fill(number rune) *letterPage {
	page := &letterPage{forms: map[byte]string{}}
	var form, spare []byte
	for i := range page.letters {
		form, spare = m.through(utf8.AppendRune(form[:0], number<<8|rune(i)), spare)
		r, n := utf8.DecodeRune(form)
		if n == 0 || n < len(form) {
			page.letters[i] = severalLetters
			page.forms[byte(i)] = string(form)
		} else {
			page.letters[i] = r
		}
	}
	m.pages[number].Store(page)
	return page
}

// through takes text through the steps one by one; it uses both slices.
func (m *letterTable) through(text, spare []byte) (form, used []byte) {
	for _, step := range m.steps {
		if set, ok := step.(replaceLetters); ok && len(text) > 0 {
			if only, n := utf8.DecodeRune(text); n == len(text) && !set.set(only) {
				continue // nearly always
			}
		}
		spare = step.appendNormal(spare[:0], text)
		text, spare = spare, text
	}
	return text, spare
}

// fused compiles each run of letterMaps.
func fused(steps []normalizer) []normalizer {
	var out []normalizer
	for _, step := range steps {
		letters, ok := step.(letterMap)
		if !ok {
			out = append(out, step)
			continue
		}
		if n := len(out); n > 0 {
			if table, ok := out[n-1].(*letterTable); ok {
				table.steps = append(table.steps, letters)
				continue
			}
		}
		out = append(out, &letterTable{steps: []letterMap{letters}})
	}
	return out
}
